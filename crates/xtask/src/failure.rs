//! What a task says when it cannot go on.

use std::fmt;

/// One thing that failed, and what to do next. Shown as it is; nothing else is printed.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    what: String,
    next: String,
}

impl Failure {
    /// `what` failed; `next` is what the person should do. Both are sentences without their full stop.
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Failure {
        Failure { what: what.into(), next: next.into() }
    }

    /// What failed, for a task that knows another way.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n  next: {}", self.what, self.next)
    }
}

impl std::error::Error for Failure {}

/// Turns an error of the file system into a failure that names the path.
pub trait AtPath<T> {
    fn at(self, act: &str, path: &std::path::Path) -> Result<T, Failure>;
}

impl<T> AtPath<T> for std::io::Result<T> {
    fn at(self, act: &str, path: &std::path::Path) -> Result<T, Failure> {
        self.map_err(|error| {
            let next = match error.kind() {
                std::io::ErrorKind::StorageFull => {
                    "free some space on that disk, then run the same command again"
                }
                std::io::ErrorKind::PermissionDenied => {
                    "give yourself the right to that path, then run it again"
                }
                _ => "look at that path, then run the same command again",
            };
            Failure::new(format!("cannot {act} {}: {error}", path.display()), next)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_failure_says_what_failed_and_what_to_do_next() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let failure = Err::<(), _>(full).at("write", Path::new("/cache/model.bin")).unwrap_err();
        let text = failure.to_string();
        assert!(text.starts_with("cannot write /cache/model.bin: "), "{text}");
        assert!(text.contains("next: free some space"), "{text}");
    }
}
