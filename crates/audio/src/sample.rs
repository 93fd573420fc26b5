//! One sample to another: what devices give and take, to `f32` in -1..1 and to `i16`.

use cpal::{Data, FromSample, I24, Sample, SampleFormat, SizedSample, U24};

/// Largest magnitude of a 16-bit sample. Dividing and multiplying by the same power of two keeps 16-bit files exact.
const FULL_SCALE: f32 = 32768.0;

/// `f32` in -1..1 to 16 bits: rounded, clipped, and silence for what is not a number.
pub(crate) fn to_i16(sample: f32) -> i16 {
    // A float cast saturates and turns NaN into 0.
    (sample * FULL_SCALE).round() as i16
}

/// 16 bits to `f32` in -1..1.
pub(crate) fn from_i16(sample: i16) -> f32 {
    f32::from(sample) / FULL_SCALE
}

/// Whether samples of this format can be captured and played. One-bit (DSD) streams cannot.
pub(crate) fn is_supported(format: SampleFormat) -> bool {
    !matches!(format, SampleFormat::DsdU8 | SampleFormat::DsdU16 | SampleFormat::DsdU32)
        && format.sample_size() > 0
}

/// Number of samples in a buffer from a device, and each of them as `f32`, in order.
///
/// Runs in the device's real-time callback: no allocation, no lock. A format that is not known gives nothing, which
/// the caller sees as a silent device; [`is_supported`] is asked before the stream is opened.
pub(crate) fn for_each_f32(data: &Data, mut take: impl FnMut(&mut dyn Iterator<Item = f32>, usize)) {
    fn run<T>(data: &Data, take: &mut impl FnMut(&mut dyn Iterator<Item = f32>, usize))
    where
        T: SizedSample,
        f32: FromSample<T>,
    {
        if let Some(samples) = data.as_slice::<T>() {
            take(&mut samples.iter().map(|&s| f32::from_sample(s)), samples.len());
        }
    }
    match data.sample_format() {
        SampleFormat::I8 => run::<i8>(data, &mut take),
        SampleFormat::I16 => run::<i16>(data, &mut take),
        SampleFormat::I24 => run::<I24>(data, &mut take),
        SampleFormat::I32 => run::<i32>(data, &mut take),
        SampleFormat::I64 => run::<i64>(data, &mut take),
        SampleFormat::U8 => run::<u8>(data, &mut take),
        SampleFormat::U16 => run::<u16>(data, &mut take),
        SampleFormat::U24 => run::<U24>(data, &mut take),
        SampleFormat::U32 => run::<u32>(data, &mut take),
        SampleFormat::U64 => run::<u64>(data, &mut take),
        SampleFormat::F32 => run::<f32>(data, &mut take),
        SampleFormat::F64 => run::<f64>(data, &mut take),
        _ => {}
    }
}

/// Fill a device's buffer: `next` gives one mono sample per frame, which goes to all `channels`.
///
/// Runs in the device's real-time callback: no allocation, no lock.
pub(crate) fn fill_mono(data: &mut Data, channels: usize, mut next: impl FnMut() -> f32) {
    fn run<T>(data: &mut Data, channels: usize, next: &mut impl FnMut() -> f32)
    where
        T: SizedSample + FromSample<f32>,
    {
        if let Some(samples) = data.as_slice_mut::<T>() {
            for frame in samples.chunks_mut(channels.max(1)) {
                frame.fill(T::from_sample(next()));
            }
        }
    }
    match data.sample_format() {
        SampleFormat::I8 => run::<i8>(data, channels, &mut next),
        SampleFormat::I16 => run::<i16>(data, channels, &mut next),
        SampleFormat::I24 => run::<I24>(data, channels, &mut next),
        SampleFormat::I32 => run::<i32>(data, channels, &mut next),
        SampleFormat::I64 => run::<i64>(data, channels, &mut next),
        SampleFormat::U8 => run::<u8>(data, channels, &mut next),
        SampleFormat::U16 => run::<u16>(data, channels, &mut next),
        SampleFormat::U24 => run::<U24>(data, channels, &mut next),
        SampleFormat::U32 => run::<u32>(data, channels, &mut next),
        SampleFormat::U64 => run::<u64>(data, channels, &mut next),
        SampleFormat::F32 => run::<f32>(data, channels, &mut next),
        SampleFormat::F64 => run::<f64>(data, channels, &mut next),
        _ => {}
    }
}

/// Interleaved frames to mono, appended to `mono`: the mean of the channels. A last incomplete frame is left out.
pub(crate) fn downmix(interleaved: &[f32], channels: usize, mono: &mut Vec<f32>) {
    match channels {
        0 => {}
        1 => mono.extend_from_slice(interleaved),
        n => mono.extend(interleaved.chunks_exact(n).map(|frame| frame.iter().sum::<f32>() / n as f32)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bit_samples_survive_the_round_trip_exactly() {
        for sample in i16::MIN..=i16::MAX {
            assert_eq!(to_i16(from_i16(sample)), sample);
        }
    }

    #[test]
    fn overdriven_and_invalid_samples_are_clipped_and_silenced() {
        assert_eq!(to_i16(3.0), i16::MAX);
        assert_eq!(to_i16(-3.0), i16::MIN);
        assert_eq!(to_i16(f32::NAN), 0);
        assert_eq!(to_i16(f32::INFINITY), i16::MAX);
    }

    #[test]
    fn downmix_is_the_mean_of_the_channels() {
        let mut mono = Vec::new();
        downmix(&[0.5, -0.5, 1.0, 0.0, 0.25], 2, &mut mono);
        assert_eq!(mono, [0.0, 0.5]);
    }

    // Building a device buffer needs `unsafe`, so each format's conversion is checked where it is decided.
    #[test]
    fn silence_and_full_scale_of_every_device_format_map_to_zero_and_one() {
        fn check<T: Sample>(zero: T, low: T)
        where
            f32: FromSample<T>,
        {
            assert_eq!(f32::from_sample(zero), 0.0);
            assert!((f32::from_sample(low) + 1.0).abs() < 1e-6);
        }
        check(0i8, i8::MIN);
        check(0i16, i16::MIN);
        check(0i32, i32::MIN);
        check(0i64, i64::MIN);
        check(128u8, 0u8);
        check(32768u16, 0u16);
        check(1u32 << 31, 0u32);
        check(1u64 << 63, 0u64);
        check(I24::new(0).unwrap(), I24::new(-(1 << 23)).unwrap());
        check(U24::new(1 << 23).unwrap(), U24::new(0).unwrap());
        check(0.0f64, -1.0f64);
    }
}
