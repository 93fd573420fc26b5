//! The real window on a screen of its own: Xvfb, WebKitWebDriver and the app, all ended with the test.

#![allow(clippy::unwrap_used, clippy::panic)] // What cannot be set up fails the test, and says what it was.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::calame::{answer, program};
use crate::virtual_mic::{Group, require};
use crate::webdriver::{DriverError, Session};

/// How long anything on the screen may take: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// A screen that nobody sees.
pub struct Screen {
    display: String,
    _server: Group,
}

impl Screen {
    /// Starts an X server on a free display.
    ///
    /// # Panics
    /// Without Xvfb, or when it does not start.
    #[must_use]
    pub fn start() -> Self {
        need("Xvfb", "xvfb");
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]);
        let mut server = spawned(command.stdout(Stdio::piped()));
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let server = Group(Some(server));
        assert!(!line.trim().is_empty(), "Xvfb gave no display");
        Self { display: format!(":{}", line.trim()), _server: server }
    }

    /// The plain text that is on the clipboard.
    ///
    /// # Panics
    /// Without `xclip`, and when nobody owns the clipboard.
    #[must_use]
    pub fn clipboard(&self) -> String {
        need("xclip", "xclip");
        // It hangs when the owner of the clipboard is gone.
        let mut read = Command::new("timeout");
        read.args(["3", "xclip", "-o", "-selection", "clipboard", "-target", "UTF8_STRING"]);
        answer(read.env("DISPLAY", &self.display)).done()
    }
}

/// The app's window under control.
pub struct Window {
    session: Session,
    _driver: Group,
}

impl Window {
    /// Starts the app on a screen. `equip` gives it its environment.
    ///
    /// # Panics
    /// When the app is not built, without the driver, or when no window comes.
    #[must_use]
    pub fn open(screen: &Screen, equip: impl FnOnce(&mut Command)) -> Self {
        need("WebKitWebDriver", "webkit2gtk-driver");
        let app = program("calame-desktop");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("WebKitWebDriver");
        command.args(["--host=127.0.0.1".to_owned(), format!("--port={port}")]);
        equip(&mut command);
        command
            .env("DISPLAY", &screen.display)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY");
        let driver = Group(Some(spawned(command.stdout(Stdio::null()))));
        let address = format!("http://127.0.0.1:{port}");
        let begun = Instant::now();
        while !Session::is_ready(&address) {
            assert!(begun.elapsed() < PATIENCE, "WebKitWebDriver did not get ready in {PATIENCE:?}");
            std::thread::sleep(PAUSE);
        }
        let session = Session::start(&address, &app.display().to_string());
        let session = session.unwrap_or_else(|e| panic!("no window of {}: {e}", app.display()));
        Self { session, _driver: driver }
    }

    /// Waits until `try_it` gives something.
    fn wait<T>(&self, what: &str, try_it: impl FnMut() -> Result<Option<T>, DriverError>) -> T {
        self.wait_up_to(PATIENCE, what, try_it)
    }

    fn wait_up_to<T>(
        &self,
        patience: Duration,
        what: &str,
        mut try_it: impl FnMut() -> Result<Option<T>, DriverError>,
    ) -> T {
        let begun = Instant::now();
        loop {
            let failed = match try_it() {
                Ok(Some(found)) => return found,
                Ok(None) => None,
                Err(error) => Some(error.to_string()),
            };
            if begun.elapsed() > patience {
                self.screenshot("failure");
                let page = self.session.run("return document.body.innerText.slice(0, 3000)", &json!([]));
                let page = page.ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
                panic!(
                    "{what}: not within {patience:?} ({})\nThe page said:\n{page}",
                    failed.unwrap_or_default()
                );
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until what this test id or CSS selector names is seen.
    pub fn see(&self, name: &str) {
        self.see_within(PATIENCE, name);
    }

    /// The same, with another patience.
    pub fn see_within(&self, patience: Duration, name: &str) {
        self.wait_up_to(patience, &format!("seeing {name}"), || {
            let element = self.session.find(&selector(name))?;
            Ok(self.session.is_displayed(&element)?.then_some(()))
        });
    }

    /// Waits until nothing bears this name any more.
    pub fn see_no(&self, name: &str) {
        self.wait(&format!("{name} going away"), || Ok((self.count_now(name)? == 0).then_some(())));
    }

    pub fn click(&self, name: &str) {
        self.wait(&format!("clicking {name}"), || {
            let element = self.session.find(&selector(name))?;
            self.session.click(&element).map(Some)
        });
    }

    /// Types into a field in place of what it holds.
    pub fn fill(&self, name: &str, text: &str) {
        self.wait(&format!("filling {name}"), || {
            let element = self.session.find(&selector(name))?;
            self.session.clear(&element)?;
            self.session.keys(&element, text).map(Some)
        });
    }

    /// Types into a field, after what it holds.
    pub fn type_into(&self, name: &str, text: &str) {
        self.wait(&format!("typing into {name}"), || {
            let element = self.session.find(&selector(name))?;
            self.session.keys(&element, text).map(Some)
        });
    }

    /// The text of what is named, once there is some.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.wait(&format!("reading {name}"), || {
            let element = self.session.find(&selector(name))?;
            let text = self.session.text(&element)?.trim().to_owned();
            Ok((!text.is_empty()).then_some(text))
        })
    }

    /// An attribute of what is named, once it is there.
    #[must_use]
    pub fn attribute(&self, name: &str, attribute: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        self.wait(&format!("reading {attribute} of {name}"), || {
            let value = self.session.run(script, &json!([selector(name), attribute]))?;
            Ok(value.as_str().map(str::to_owned))
        })
    }

    /// How many things bear this name now.
    #[must_use]
    pub fn count(&self, name: &str) -> u64 {
        self.wait(&format!("counting {name}"), || self.count_now(name).map(Some))
    }

    fn count_now(&self, name: &str) -> Result<u64, DriverError> {
        let script = "return document.querySelectorAll(arguments[0]).length";
        Ok(self.session.run(script, &json!([selector(name)]))?.as_u64().unwrap_or_default())
    }

    /// Waits until a script of the page, the body of a function, returns true.
    pub fn await_true(&self, patience: Duration, what: &str, script: &str) {
        self.wait_up_to(patience, what, || Ok((self.session.run(script, &json!([]))? == true).then_some(())));
    }

    /// Waits for an alert of this code and gives its words.
    #[must_use]
    pub fn alert(&self, code: &str) -> String {
        let name = format!("[data-testid=alert][data-code={code}]");
        self.see(&name);
        self.text(&name)
    }

    /// Saves what is seen as `name`.png in the folder `CALAME_SCREENSHOTS`, where that is set.
    pub fn screenshot(&self, name: &str) {
        let Some(folder) = std::env::var_os("CALAME_SCREENSHOTS").map(PathBuf::from) else { return };
        let Ok(png) = self.session.screenshot() else { return };
        let written = std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(folder.join(Path::new(name).with_extension("png")), png));
        written.unwrap_or_else(|e| panic!("CALAME_SCREENSHOTS: {e}"));
    }

    /// What a script of the page, the body of a function, returns.
    #[must_use]
    pub fn run(&self, script: &str) -> Value {
        self.wait("running a script", || self.session.run(script, &json!([])).map(Some))
    }

    /// Closes the window and ends the app.
    pub fn quit(self) {
        drop(self);
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.session.end();
        // A driver that is killed at once leaves the app behind.
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// A test id stands for itself; anything else is a CSS selector.
fn selector(name: &str) -> String {
    let is_id = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if is_id { format!("[data-testid={name}]") } else { name.to_owned() }
}

fn need(tool: &'static str, package: &'static str) {
    require(tool, package).unwrap_or_else(|e| panic!("{e}"));
}

fn spawned(command: &mut Command) -> Child {
    let child = command.stdin(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn();
    child.unwrap_or_else(|e| panic!("{:?} cannot be started: {e}", command.get_program()))
}
