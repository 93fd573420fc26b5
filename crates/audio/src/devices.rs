//! Which microphones and loudspeakers there are, and how to open one.

use std::str::FromStr;

use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{Device, DeviceId, Host};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::AudioError;

/// A microphone that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InputDevice {
    /// Stable name for [`crate::Capture::start`]; survives restarts where the system allows it.
    pub id: String,
    /// Name for people.
    pub name: String,
    pub is_default: bool,
}

/// The microphones of this computer, the default one first. An empty list means that there is none.
///
/// On Linux the list comes from the sound server (PulseAudio or PipeWire) where one runs, else from ALSA. Loopbacks of
/// what the loudspeakers play are left out.
///
/// # Errors
/// [`AudioError::Backend`] if the sound system cannot be asked.
pub fn input_devices() -> Result<Vec<InputDevice>, AudioError> {
    // Asking takes a connection of its own, which must not depend on the caller's thread.
    on_quiet_thread("listing microphones", || {
        let host = cpal::default_host();
        let default = host.default_input_device().and_then(|d| d.id().ok()).map(|id| id.to_string());
        let devices = host
            .input_devices()
            .map_err(|e| AudioError::Backend { action: "listing microphones", detail: e.to_string() })?;
        let mut found: Vec<InputDevice> = devices
            .filter_map(|device| {
                let id = device.id().ok()?.to_string();
                let is_default = default.as_deref() == Some(&id);
                (is_default || is_microphone(&id)).then(|| InputDevice {
                    name: name(&device),
                    id,
                    is_default,
                })
            })
            .collect();
        found.sort_by_key(|d| !d.is_default);
        found.dedup_by(|a, b| a.id == b.id);
        Ok(found)
    })?
}

/// Sources that no one speaks into: loopbacks of a loudspeaker, and ALSA's converters and duplicates of a card.
fn is_microphone(id: &str) -> bool {
    match id.split_once(':') {
        Some(("pulseaudio", source)) => !source.ends_with(".monitor"),
        Some(("alsa", pcm)) => {
            let plugin = pcm.split(':').next().unwrap_or(pcm);
            matches!(plugin, "default" | "sysdefault" | "plughw" | "pipewire" | "pulse")
        }
        _ => true,
    }
}

/// Open the microphone `id`, or the default one.
pub(crate) fn open_input(id: Option<&str>) -> Result<Device, AudioError> {
    let Some(id) = id else {
        return cpal::default_host().default_input_device().ok_or(AudioError::NoDevice);
    };
    let missing = || AudioError::DeviceMissing { device: id.to_owned() };
    let wanted = DeviceId::from_str(id).map_err(|_| missing())?;
    let host = host_of(&wanted).ok_or_else(missing)?;
    host.device_by_id(&wanted).filter(DeviceTrait::supports_input).ok_or_else(missing)
}

/// Open the default loudspeaker.
pub(crate) fn open_output() -> Result<Device, AudioError> {
    cpal::default_host().default_output_device().ok_or(AudioError::NoOutput)
}

fn host_of(id: &DeviceId) -> Option<Host> {
    let default = cpal::default_host();
    if default.id() == id.host() { Some(default) } else { cpal::host_from_id(id.host()).ok() }
}

/// The name of a device for people: the first line of what the system says.
pub(crate) fn name(device: &Device) -> String {
    let full = device.to_string();
    full.lines().next().unwrap_or_default().trim().to_owned()
}

/// Run `work` on a thread of its own where ALSA's chatter goes nowhere.
///
/// ALSA prints to stderr whenever it looks for a plugin that is not installed; those lines would bury our message.
pub(crate) fn on_quiet_thread<T: Send + 'static>(
    action: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AudioError> {
    let failed = |detail: String| AudioError::Backend { action, detail };
    std::thread::Builder::new()
        .name("audio-devices".to_owned())
        .spawn(move || {
            let _quiet = silence_alsa();
            work()
        })
        .map_err(|e| failed(e.to_string()))?
        .join()
        .map_err(|_| failed("the sound library stopped unexpectedly".to_owned()))
}

/// From here on ALSA's messages of this thread go into a buffer that no one reads.
#[cfg(target_os = "linux")]
pub(crate) fn silence_alsa() -> impl Sized {
    alsa::Output::local_error_handler().ok()
}

/// Only ALSA prints.
#[cfg(not(target_os = "linux"))]
pub(crate) fn silence_alsa() -> impl Sized {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopbacks_and_converters_are_not_microphones() {
        assert!(is_microphone("pulseaudio:alsa_input.usb-mic"));
        assert!(!is_microphone("pulseaudio:alsa_output.pci.monitor"));
        assert!(is_microphone("alsa:default"));
        assert!(is_microphone("alsa:plughw:CARD=0,DEV=0"));
        assert!(!is_microphone("alsa:null"));
        assert!(!is_microphone("alsa:speexrate"));
        assert!(!is_microphone("alsa:dsnoop:CARD=0,DEV=0"));
        assert!(is_microphone("wasapi:{0.0.1}"));
    }

    #[test]
    fn an_unknown_microphone_is_missing_and_named() {
        for id in ["pulseaudio:no-such-microphone", "nonsense", "nohost:x", ""] {
            let asked = id.to_owned();
            let result = on_quiet_thread("testing", move || open_input(Some(&asked)).map(|_| ())).unwrap();
            assert_eq!(result, Err(AudioError::DeviceMissing { device: id.to_owned() }));
        }
    }
}
