//! Serves a folder of built pages on this machine only, while the task runs.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;

use crate::failure::{AtPath, Failure};

/// Gives the address to begin with: `http://127.0.0.1:PORT`.
pub fn serve(folder: PathBuf) -> Result<String, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).at("listen for", &folder)?;
    let port = listener.local_addr().at("listen for", &folder)?.port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let folder = folder.clone();
            // A browser that goes away in the middle needs no answer.
            thread::spawn(move || answer(&folder, stream));
        }
    });
    Ok(format!("http://127.0.0.1:{port}"))
}

fn answer(folder: &Path, mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    let found = asked(&request).and_then(|path| Some((kind(&path), fs::read(folder.join(&path)).ok()?)));
    let (status, kind, body) = match found {
        Some((kind, body)) => ("200 OK", kind, body),
        None => ("404 Not Found", "text/plain", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}

/// The file that the first line of a request names, inside the folder.
fn asked(request: &str) -> Option<PathBuf> {
    let target = request.strip_prefix("GET /")?.split([' ', '?', '#']).next()?;
    let path = PathBuf::from(if target.is_empty() { "index.html" } else { target });
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_a_file_of_the_folder_and_nothing_beside_it() {
        assert_eq!(asked("GET /?mock&lang=fr HTTP/1.1\r\n"), Some("index.html".into()));
        assert_eq!(asked("GET /assets/a.js HTTP/1.1\r\n"), Some("assets/a.js".into()));
        assert_eq!(asked("GET /../secret HTTP/1.1\r\n"), None);
        assert_eq!(asked("GET //etc/passwd HTTP/1.1\r\n"), None);
        assert_eq!(asked("POST / HTTP/1.1\r\n"), None);
    }
}
