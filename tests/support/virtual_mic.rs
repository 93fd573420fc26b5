//! A microphone for tests: a private PulseAudio server whose loudspeaker is looped into its microphone.
//!
//! Nothing of the machine's own sound is touched: the server, its socket and its state live in a temporary folder, and
//! only processes which are given [`VirtualMic::env`] know of it. A tool that is missing is an error which names it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long the server may take to answer; it takes a quarter of a second.
const READY: Duration = Duration::from_secs(20);

/// Why there is no virtual microphone.
#[derive(Debug, thiserror::Error)]
pub enum VirtualMicError {
    #[error("{tool} is not installed (Debian package {package}): the tests need it")]
    MissingTool { tool: &'static str, package: &'static str },
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
    #[error("PulseAudio did not answer within {seconds} s; it said:\n{said}")]
    NotReady { seconds: u64, said: String },
    #[error("`{command}` failed: {said}")]
    Failed { command: String, said: String },
}

/// A running private sound server. Dropping it kills the server and whatever plays.
pub struct VirtualMic {
    folder: TempDir,
    server: Child,
    keep_alive: Child,
}

impl VirtualMic {
    /// Start the server and wait until it answers.
    ///
    /// # Errors
    /// [`VirtualMicError::MissingTool`] names the tool; [`VirtualMicError::NotReady`] quotes the server.
    pub fn start() -> Result<VirtualMic, VirtualMicError> {
        for tool in ["pulseaudio", "pactl", "pacat", "paplay"] {
            let package = if tool == "pulseaudio" { "pulseaudio" } else { "pulseaudio-utils" };
            require(tool, package)?;
        }
        let folder = tempfile::tempdir().map_err(|e| io("making a temporary folder", e))?;
        write_configuration(folder.path())?;
        let log = folder.path().join("pulseaudio.log");
        let said = File::create(&log).map_err(|e| io("writing the server's log", e))?;
        let server = Command::new("pulseaudio")
            .arg("-n")
            .arg("-F")
            .arg(folder.path().join("default.pa"))
            .args(["--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"])
            .args(["--realtime=no", "--high-priority=no"])
            .envs(environment(folder.path()))
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .process_group(0)
            .spawn()
            .map_err(|e| io("starting pulseaudio", e))?;
        // From here on, an early return must not leave the server behind.
        let server = Group(Some(server));
        await_answer(folder.path(), &log)?;
        // Without a player a null sink works in steps of two seconds.
        let keep_alive = Command::new("pacat")
            .args(["--playback", "--raw", "--latency-msec=20", "--device=virtmic_sink", "/dev/zero"])
            .envs(environment(folder.path()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|e| io("starting pacat", e))?;
        Ok(VirtualMic { folder, server: server.release()?, keep_alive })
    }

    /// What a process must have in its environment to find this microphone, by PulseAudio or by ALSA.
    pub fn env(&self) -> Vec<(String, String)> {
        environment(self.folder.path())
    }

    /// Give the server an order in the words of `pactl`; gives its answer.
    ///
    /// # Errors
    /// [`VirtualMicError::Failed`] quotes the server.
    pub fn order(&self, words: &[&str]) -> Result<String, VirtualMicError> {
        let mut pactl = Command::new("pactl");
        let said = pactl
            .args(words)
            .envs(self.env())
            .stdin(Stdio::null())
            .output()
            .map_err(|e| io("starting pactl", e))?;
        if said.status.success() {
            return Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned());
        }
        let command = format!("pactl {}", words.join(" "));
        Err(VirtualMicError::Failed { command, said: String::from_utf8_lossy(&said.stderr).into_owned() })
    }

    /// Another microphone that hears the same sound at another rate; gives the number by which it is pulled out.
    ///
    /// # Errors
    /// As [`VirtualMic::order`].
    pub fn plug_in(&self, name: &str, rate: u32) -> Result<String, VirtualMicError> {
        let (name, rate) = (format!("source_name={name}"), format!("rate={rate}"));
        self.order(&["load-module", "module-remap-source", &name, "master=virtmic_sink.monitor", &rate])
    }

    /// Speak a WAV file into the microphone; returns when it has been said.
    pub fn play(&self, wav: &Path) -> Result<(), VirtualMicError> {
        let said = self.player(wav).output().map_err(|e| io("starting paplay", e))?;
        if said.status.success() {
            return Ok(());
        }
        let command = format!("paplay {}", wav.display());
        Err(VirtualMicError::Failed { command, said: String::from_utf8_lossy(&said.stderr).into_owned() })
    }

    /// Start speaking a WAV file into the microphone, and return at once.
    pub fn play_in_background(&self, wav: &Path) -> Result<Playing, VirtualMicError> {
        let child = self.player(wav).spawn().map_err(|e| io("starting paplay", e))?;
        Ok(Playing(Group(Some(child))))
    }

    /// Kill the server at once, as if the sound system had crashed or the microphone had been pulled out.
    pub fn kill_server(&mut self) {
        kill_group(&mut self.server);
    }

    fn player(&self, wav: &Path) -> Command {
        let mut player = Command::new("paplay");
        player
            .args(["--latency-msec=1000", "--device=virtmic_sink"])
            .arg(wav)
            .envs(self.env())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0);
        player
    }
}

impl Drop for VirtualMic {
    fn drop(&mut self) {
        kill_group(&mut self.keep_alive);
        kill_group(&mut self.server);
    }
}

/// A WAV file being spoken into the microphone. Dropping it stops it.
pub struct Playing(Group);

impl Playing {
    /// Wait until it has been said, or could not be.
    pub fn wait(mut self) {
        if let Some(child) = &mut self.0.0 {
            let _ = child.wait();
        }
    }
}

/// The environment of a computer without any sound: no server, no ALSA device. `folder` is for a file of ours.
pub fn env_without_sound(folder: &Path) -> Result<Vec<(String, String)>, VirtualMicError> {
    let nothing = folder.join("no-sound.conf");
    fs::write(&nothing, "").map_err(|e| io("writing no-sound.conf", e))?;
    let nowhere = folder.join("no-server");
    Ok(vec![
        ("PULSE_SERVER".to_owned(), format!("unix:{}", nowhere.display())),
        ("PULSE_RUNTIME_PATH".to_owned(), nowhere.display().to_string()),
        ("ALSA_CONFIG_PATH".to_owned(), nothing.display().to_string()),
    ])
}

/// Speak `text` into a 48 kHz stereo WAV file by speech synthesis; `voice` as espeak-ng names it ("fr", "en").
pub fn speak(text: &str, voice: &str, wav: &Path) -> Result<(), VirtualMicError> {
    require("espeak-ng", "espeak-ng")?;
    require("sox", "sox")?;
    let spoken = wav.with_extension("espeak.wav");
    run(Command::new("espeak-ng").args(["-v", voice, "-s", "160", "-w"]).arg(&spoken).arg(text))?;
    run(Command::new("sox")
        .arg(&spoken)
        .args(["-r", "48000", "-c", "2", "-b", "16"])
        .arg(wav)
        .args(["gain", "-n", "-6"]))?;
    fs::remove_file(&spoken).map_err(|e| io("removing an intermediate file", e))
}

/// Run a tool to its end.
pub fn run(command: &mut Command) -> Result<(), VirtualMicError> {
    let name = command.get_program().to_string_lossy().into_owned();
    let said = command.stdin(Stdio::null()).output().map_err(|e| io(&format!("starting {name}"), e))?;
    if said.status.success() {
        return Ok(());
    }
    let arguments: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    let command = format!("{name} {}", arguments.join(" "));
    Err(VirtualMicError::Failed { command, said: String::from_utf8_lossy(&said.stderr).into_owned() })
}

/// That a tool is on the path, or the error which names it.
pub fn require(tool: &'static str, package: &'static str) -> Result<PathBuf, VirtualMicError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(tool))
        .find(|candidate| candidate.is_file())
        .ok_or(VirtualMicError::MissingTool { tool, package })
}

/// A child in a process group of its own, killed with its group when dropped.
pub(crate) struct Group(pub(crate) Option<Child>);

impl Group {
    fn release(mut self) -> Result<Child, VirtualMicError> {
        self.0.take().ok_or_else(|| io("starting pulseaudio", std::io::ErrorKind::NotFound.into()))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            kill_group(child);
        }
    }
}

fn kill_group(child: &mut Child) {
    if matches!(child.try_wait(), Ok(None)) {
        let group = format!("kill -KILL -- -{} 2>/dev/null", child.id());
        let _ = Command::new("sh").args(["-c", &group]).status();
        let _ = child.kill();
    }
    let _ = child.wait();
}

fn environment(folder: &Path) -> Vec<(String, String)> {
    let at = |name: &str| folder.join(name).display().to_string();
    vec![
        ("PULSE_SERVER".to_owned(), format!("unix:{}", at("run/native"))),
        ("PULSE_RUNTIME_PATH".to_owned(), at("run")),
        ("PULSE_STATE_PATH".to_owned(), at("state")),
        ("ALSA_CONFIG_PATH".to_owned(), at("asound.conf")),
    ]
}

fn write_configuration(folder: &Path) -> Result<(), VirtualMicError> {
    for name in ["run", "state"] {
        fs::create_dir(folder.join(name)).map_err(|e| io("making the server's folders", e))?;
    }
    let socket = folder.join("run/native");
    let server = format!(
        "load-module module-native-protocol-unix auth-anonymous=1 socket={}\n\
         load-module module-null-sink sink_name=virtmic_sink rate=48000 channels=2 \
         sink_properties=device.description=Virtual-loudspeaker\n\
         load-module module-remap-source source_name=virtmic master=virtmic_sink.monitor \
         source_properties=device.description=Virtual-microphone\n\
         set-default-sink virtmic_sink\n\
         set-default-source virtmic\n",
        socket.display()
    );
    fs::write(folder.join("default.pa"), server).map_err(|e| io("writing default.pa", e))?;
    let alsa = "</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\nctl.!default { type pulse }\n";
    fs::write(folder.join("asound.conf"), alsa).map_err(|e| io("writing asound.conf", e))
}

fn await_answer(folder: &Path, log: &Path) -> Result<(), VirtualMicError> {
    let begun = Instant::now();
    while begun.elapsed() < READY {
        let asked = Command::new("pactl")
            .args(["list", "short", "sources"])
            .envs(environment(folder))
            .stdin(Stdio::null())
            .output()
            .map_err(|e| io("starting pactl", e))?;
        if asked.status.success() && String::from_utf8_lossy(&asked.stdout).contains("virtmic\t") {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let said = fs::read_to_string(log).unwrap_or_default();
    Err(VirtualMicError::NotReady { seconds: READY.as_secs(), said })
}

fn io(what: &str, source: std::io::Error) -> VirtualMicError {
    VirtualMicError::Io { what: what.to_owned(), source }
}
