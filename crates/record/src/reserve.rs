//! A little room on the disk, put aside for the day it is full: opening a record needs some (the index of its log, the
//! row of the audit), and a doctor must get at the notes just then.

use std::io::Write as _;
use std::path::Path;

use crate::files;

const BYTES: usize = 512 * 1024;

/// Puts the room aside, or completes it. A disk that has none to give is no failure.
pub(crate) fn keep(record: &Path) {
    let path = files::beside(record, ".reserve");
    if std::fs::metadata(&path).is_ok_and(|file| file.len() == BYTES as u64) {
        return;
    }
    let write = || -> std::io::Result<()> {
        // Noise: zeros would take no room on a disk that compresses.
        let mut noise = vec![0; BYTES];
        getrandom::fill(&mut noise).map_err(std::io::Error::other)?;
        let mut file = files::private(&path)?;
        file.set_len(0)?;
        file.write_all(&noise)
    };
    if write().is_err() {
        // A part of it would be taken for a disk with room.
        let _ = std::fs::remove_file(&path);
    }
}

/// Gives the room back to the disk. Tells whether there was any.
pub(crate) fn give_up(record: &Path) -> bool {
    std::fs::remove_file(files::beside(record, ".reserve")).is_ok()
}
