//! Work that nobody asked for at this moment: what was changed is indexed, so that no search has to; audio whose time has
//! come is erased, and the copy of the day is made. One thread at a time; a recording under way goes first.

use std::sync::Arc;
use std::time::Duration;

use crate::Calame;
use crate::calame::held;

const REST_AT_MOST: Duration = Duration::from_secs(10);
const MOMENT: Duration = Duration::from_millis(20);

impl Calame {
    /// What a face calls every [`crate::ASK_EVERY_S`] seconds: locks an idle screen and does what is due. Tells whether
    /// it locked.
    pub fn tick(&self) -> bool {
        let locked = self.lock_when_idle();
        self.keep_house();
        locked
    }

    /// Starts what is due, in the background: for a face that stays, and so tells of hands. A command that ends after
    /// one act would leave in the middle of it; it calls [`Calame::settle`].
    pub(crate) fn keep_house(&self) {
        if !self.inner.tells_of_hands() {
            return;
        }
        let Ok(record) = self.inner.record() else { return };
        let mut keeping = held(&self.inner.housekeeping);
        if keeping.is_some() {
            return;
        }
        let erases = record.has_pending_erasures(self.inner.now()).unwrap_or(false);
        let backs_up = self.inner.is_backup_due(&record);
        // Indexing one visit holds the database for longer than half a second of audio should wait.
        let indexes = self.inner.recording_id().is_none() && record.is_search_behind().unwrap_or(false);
        if !erases && !backs_up && !indexes {
            return;
        }
        *keeping = Some(record.clone());
        let inner = Arc::clone(&self.inner);
        let slot = Arc::clone(&inner.housekeeping);
        std::thread::spawn(move || {
            if indexes {
                // Refused, the next search says so or does it.
                let _ = record.catch_up_search();
            }
            if erases {
                // Cut off or refused, it goes on with the next call.
                let _ = record.finish_erasures(inner.now());
            }
            if backs_up {
                inner.back_up_when_due(&record);
            }
            // The app may end once the slot is free: by then this thread holds nothing that is still to be closed.
            drop((record, inner));
            *held(&slot) = None;
        });
    }

    /// Waits for work in the background, for some seconds: before the app ends. What is cut off all the same goes on at
    /// the next start.
    pub fn rest(&self) {
        for _ in 0..REST_AT_MOST.as_millis() / MOMENT.as_millis() {
            if held(&self.inner.housekeeping).is_none() {
                return;
            }
            std::thread::sleep(MOMENT);
        }
    }

    /// Erases the audio that is due and waits for it: for a face that ends after one act.
    ///
    /// # Errors
    /// When the record is locked or cannot be written.
    pub fn settle(&self) -> Result<(), crate::Failure> {
        self.inner.record()?.finish_erasures(self.inner.now())?;
        Ok(())
    }
}
