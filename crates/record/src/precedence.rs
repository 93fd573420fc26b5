//! Who goes first at the database: audio, and what somebody waits for. Work that nobody waits for is done in steps between
//! them, and a step that is in the way is broken off and done again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction};

use crate::record::commit;
use crate::{Record, RecordError, database};

/// A step in the way looks up after so few operations of SQLite: below a millisecond.
const OPERATIONS: i32 = 50;

/// How many acts wait for the database, or are at it.
#[derive(Clone, Default)]
pub(crate) struct Precedence(Arc<AtomicUsize>);

/// Goes first until it is dropped.
pub(crate) struct First(Precedence);

impl Precedence {
    pub(crate) fn go_first(&self) -> First {
        self.0.fetch_add(1, Ordering::AcqRel);
        First(self.clone())
    }

    fn is_taken(&self) -> bool {
        self.0.load(Ordering::Acquire) > 0
    }
}

impl Drop for First {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The writer while it may be broken off; whatever becomes of that, the next act is not.
struct Watched<'a>(MutexGuard<'a, Connection>);

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        let _ = self.0.progress_handler(0, None::<fn() -> bool>);
    }
}

impl Record {
    /// Waits while somebody goes first. Called between the steps of long work, because whoever waits for a busy database
    /// only looks again now and then.
    pub(crate) fn give_way(&self) {
        while self.precedence().is_taken() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// As [`Record::write`], but broken off, with nothing of it left, as soon as somebody goes first: then `None`.
    pub(crate) fn write_unless_in_the_way<T>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, RecordError>,
    ) -> Result<Option<T>, RecordError> {
        let precedence = self.precedence().clone();
        let mut writer = Watched(self.writer());
        writer.0.progress_handler(OPERATIONS, Some(move || precedence.is_taken()))?;
        match commit(&mut writer.0, act) {
            Err(RecordError::Database(error))
                if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) =>
            {
                Ok(None)
            }
            done => done.map(Some).map_err(|error| error.at(self.path())),
        }
    }

    /// Gives the place of what was erased back to the disk, as far as that works: the erasure itself is committed and
    /// overwritten, only the file's size waits for the next time.
    pub(crate) fn reclaim(&self) {
        let step = |act: fn(&Connection) -> rusqlite::Result<bool>| {
            self.give_way();
            act(&self.writer()).unwrap_or(false)
        };
        while step(database::reclaim_some) {}
        step(database::shorten_log);
    }
}
