//! As much of the WebDriver protocol as the tests of the window take.

use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};

/// The key under which the protocol names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Why the driver did not do it.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    #[error("the driver does not answer: {0}")]
    Transport(#[from] ureq::Error),
    #[error("{error}: {message}")]
    Refused { error: String, message: String },
    #[error("the driver gave an unexpected answer: {0}")]
    Unexpected(Value),
}

/// An element of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(String);

/// A window under remote control. [`Session::end`] closes it.
pub struct Session {
    agent: ureq::Agent,
    base: String,
}

impl Session {
    /// Whether a driver answers at this address.
    #[must_use]
    pub fn is_ready(address: &str) -> bool {
        let ready = get(&agent(Duration::from_secs(2)), &format!("{address}/status"));
        ready.is_ok_and(|value| value["ready"] == true)
    }

    /// Have the driver start `binary` and take control of its window.
    ///
    /// # Errors
    /// When the driver cannot.
    pub fn start(address: &str, binary: &str) -> Result<Self, DriverError> {
        let agent = agent(Duration::from_secs(90));
        let options = json!({ "webkitgtk:browserOptions": { "binary": binary, "args": [] } });
        let body = json!({ "capabilities": { "alwaysMatch": options } });
        let value = post(&agent, &format!("{address}/session"), &body)?;
        let id = value["sessionId"].as_str().ok_or_else(|| DriverError::Unexpected(value.clone()))?;
        Ok(Self { agent, base: format!("{address}/session/{id}") })
    }

    /// The first element of this CSS selector that is on the page now.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(&self, css: &str) -> Result<Element, DriverError> {
        let value = self.post("element", &json!({ "using": "css selector", "value": css }))?;
        let id = value[ELEMENT].as_str().ok_or_else(|| DriverError::Unexpected(value.clone()))?;
        Ok(Element(id.to_owned()))
    }

    /// # Errors
    /// When the element is gone, hidden, or covered by another.
    pub fn click(&self, element: &Element) -> Result<(), DriverError> {
        self.post(&format!("element/{}/click", element.0), &json!({})).map(drop)
    }

    /// Empties a field.
    ///
    /// # Errors
    /// When the element is gone or is no field.
    pub fn clear(&self, element: &Element) -> Result<(), DriverError> {
        self.post(&format!("element/{}/clear", element.0), &json!({})).map(drop)
    }

    /// Types into an element, after what it holds.
    ///
    /// # Errors
    /// When the element is gone or takes no keys.
    pub fn keys(&self, element: &Element, text: &str) -> Result<(), DriverError> {
        self.post(&format!("element/{}/value", element.0), &json!({ "text": text })).map(drop)
    }

    /// The text of an element as it is rendered.
    ///
    /// # Errors
    /// When the element is gone.
    pub fn text(&self, element: &Element) -> Result<String, DriverError> {
        let value = get(&self.agent, &format!("{}/element/{}/text", self.base, element.0))?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// # Errors
    /// When the element is gone.
    pub fn is_displayed(&self, element: &Element) -> Result<bool, DriverError> {
        let value = get(&self.agent, &format!("{}/element/{}/displayed", self.base, element.0))?;
        Ok(value == true)
    }

    /// Runs the body of a JavaScript function in the page and gives what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub fn run(&self, script: &str, arguments: &Value) -> Result<Value, DriverError> {
        self.post("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// A PNG of the page as it is now.
    ///
    /// # Errors
    /// When the driver gives none.
    pub fn screenshot(&self) -> Result<Vec<u8>, DriverError> {
        // The picture may be one frame old: let two go by.
        let settle =
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(0)))";
        self.post("execute/async", &json!({ "script": settle, "args": [] }))?;
        let value = get(&self.agent, &format!("{}/screenshot", self.base))?;
        let text = value.as_str().unwrap_or_default();
        base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| DriverError::Unexpected(value))
    }

    /// Closes the window.
    ///
    /// # Errors
    /// When the driver is gone.
    pub fn end(&self) -> Result<(), DriverError> {
        value_of(self.agent.delete(&self.base).call()?).map(drop)
    }

    fn post(&self, act: &str, body: &Value) -> Result<Value, DriverError> {
        post(&self.agent, &format!("{}/{act}", self.base), body)
    }
}

fn agent(timeout: Duration) -> ureq::Agent {
    let config = ureq::Agent::config_builder().timeout_global(Some(timeout)).http_status_as_error(false);
    config.build().into()
}

fn get(agent: &ureq::Agent, address: &str) -> Result<Value, DriverError> {
    value_of(agent.get(address).call()?)
}

fn post(agent: &ureq::Agent, address: &str, body: &Value) -> Result<Value, DriverError> {
    value_of(agent.post(address).send_json(body)?)
}

fn value_of(mut response: ureq::http::Response<ureq::Body>) -> Result<Value, DriverError> {
    let is_done = response.status().is_success();
    // A screenshot is some megabytes of base64.
    let mut answer: Value = response.body_mut().with_config().limit(64 << 20).read_json()?;
    let value = answer["value"].take();
    if is_done {
        return Ok(value);
    }
    let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    Err(DriverError::Refused { error: field("error"), message: field("message") })
}
