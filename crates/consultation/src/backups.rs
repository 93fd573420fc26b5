//! Copies of the record on another disk: when asked, and by themselves on the days of the plan; and bringing one back.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use record::{Backup, Record, RestorePreview};
use serde::{Deserialize, Serialize};

use crate::calame::{Inner, held};
use crate::{Calame, Event, Failure, FailureCode, RecordStatus, Status};

const PLAN: &str = "backup plan";
const LAST: &str = "backup last";

/// Where copies go and how often. Held in the encrypted record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct BackupPlan {
    /// A folder, best on another disk or a stick. Without one, copies are made only when asked.
    pub folder: Option<String>,
    /// Days from one copy to the next; at least 1.
    pub every_days: u32,
    /// How many copies stay in the folder; at least 1.
    pub keep: u32,
}

impl Default for BackupPlan {
    fn default() -> Self {
        Self { folder: None, every_days: 1, keep: 14 }
    }
}

/// How the record is backed up now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct BackupState {
    pub plan: BackupPlan,
    /// The plan's folder is there: the stick is plugged in.
    pub reachable: bool,
    /// The newest copy made by this record, wherever it lies.
    pub last: Option<Backup>,
    /// No copy was made in the time of the plan, or none ever.
    pub overdue: bool,
    /// What lies in the plan's folder, newest first.
    pub copies: Vec<Backup>,
}

/// What came of a restore.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Restored {
    pub status: Status,
    /// Where the record that stood there before is kept, whole.
    pub replaced: Option<PathBuf>,
}

/// When a copy was last tried and its failure last told: a stick left at home is no reason to nag.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    tried: Option<DateTime<Utc>>,
    told: Option<DateTime<Utc>>,
}

const RETRY_AFTER: TimeDelta = TimeDelta::minutes(15);
const TELL_AFTER: TimeDelta = TimeDelta::hours(12);

impl Calame {
    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn backup_state(&self) -> Result<BackupState, Failure> {
        let record = self.inner.record()?;
        let plan = plan(&record)?;
        let last: Option<Backup> = record.setting(LAST)?;
        let folder = plan.folder.as_deref().map(Path::new);
        Ok(BackupState {
            reachable: folder.is_some_and(Path::is_dir),
            overdue: is_overdue(&plan, last.as_ref(), self.inner.now()),
            copies: folder.map(|folder| record.backups(folder)).unwrap_or_default(),
            plan,
            last,
        })
    }

    /// # Errors
    /// For a plan that keeps nothing, and when the record is locked or cannot be written.
    pub fn save_backup_plan(&self, plan: BackupPlan) -> Result<BackupState, Failure> {
        let folder = plan.folder.as_deref().map(str::trim).filter(|folder| !folder.is_empty());
        let field = match (plan.every_days, plan.keep) {
            (0, _) => Some("every_days"),
            (_, 0) => Some("keep"),
            _ => None,
        };
        if let Some(field) = field {
            return Err(Failure::of(FailureCode::InvalidInput).with("field", field));
        }
        let plan = BackupPlan { folder: folder.map(str::to_owned), ..plan };
        self.inner.record()?.set_setting(PLAN, &plan)?;
        *held(&self.inner.backup_tries) = Tries::default();
        self.backup_state()
    }

    /// Makes a copy now, in `folder` or in the plan's, and reads it back from end to end. Recording goes on meanwhile.
    ///
    /// # Errors
    /// When the folder is not there, full or read-only, and when what was written does not read back.
    pub fn back_up(&self, folder: Option<&Path>) -> Result<Backup, Failure> {
        let record = self.inner.record()?;
        let plan = plan(&record)?;
        let folder = folder.or(plan.folder.as_deref().map(Path::new));
        let folder = folder.ok_or_else(|| Failure::of(FailureCode::BackupFolder))?;
        self.inner.back_up_to(&record, folder, plan.keep)
    }

    /// Copies of any record in a folder, newest first. The record may be locked or absent.
    #[must_use]
    pub fn backups_in(&self, folder: &Path) -> Vec<Backup> {
        record::backups_in(folder)
    }

    /// Reads a backup from end to end and tells what restoring it would change. Changes nothing.
    ///
    /// # Errors
    /// For a secret that is neither the passphrase of the backup's day nor its recovery code, and for a backup that is
    /// damaged, incomplete or newer.
    pub fn preview_restore(&self, backup: &Path, secret: &str) -> Result<RestorePreview, Failure> {
        Ok(record::preview_restore(&self.inner.places.record, backup, secret)?)
    }

    /// Puts a backup in the record's place and opens it; what stood there is kept aside.
    ///
    /// # Errors
    /// While something is being recorded or transcribed, and as [`Calame::preview_restore`]: nothing has changed then,
    /// but the screen is locked.
    pub fn restore(&self, backup: &Path, secret: &str) -> Result<Restored, Failure> {
        if self.inner.record_in_use().is_some() {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        // Read first: whoever mistypes stays where they are.
        self.preview_restore(backup, secret)?;
        if self.status().record == RecordStatus::Open {
            self.lock();
        }
        let place = &self.inner.places.record;
        let (record, replaced) = record::restore(place, backup, secret, self.inner.now())?;
        self.opened(record);
        Ok(Restored { status: self.status(), replaced })
    }
}

impl Inner {
    /// Makes the copy of the plan when its time has come.
    pub fn back_up_when_due(&self, record: &Record) {
        let Ok(plan) = plan(record) else { return };
        let Some(folder) = &plan.folder else { return };
        held(&self.backup_tries).tried = Some(self.now());
        if let Err(failure) = self.back_up_to(record, Path::new(folder), plan.keep) {
            let mut tries = held(&self.backup_tries);
            if tries.told.is_none_or(|told| self.now() - told >= TELL_AFTER) {
                tries.told = Some(self.now());
                drop(tries);
                self.emit(Event::Problem { id: None, failure });
            }
        }
    }

    pub fn is_backup_due(&self, record: &Record) -> bool {
        let now = self.now();
        if held(&self.backup_tries).tried.is_some_and(|tried| (now - tried).abs() < RETRY_AFTER) {
            return false;
        }
        let due = || {
            let plan = plan(record)?;
            let last: Option<Backup> = record.setting(LAST)?;
            Ok::<_, Failure>(plan.folder.is_some() && is_overdue(&plan, last.as_ref(), now))
        };
        due().unwrap_or(false)
    }

    fn back_up_to(&self, record: &Record, folder: &Path, keep: u32) -> Result<Backup, Failure> {
        let made = record.backup(folder, keep, self.now())?;
        record.set_setting(LAST, &made)?;
        *held(&self.backup_tries) = Tries::default();
        self.emit(Event::BackedUp { backup: made.clone() });
        Ok(made)
    }
}

fn plan(record: &Record) -> Result<BackupPlan, Failure> {
    Ok(record.setting(PLAN)?.unwrap_or_default())
}

/// A clock that was set back makes no copy look younger than it is for more than the plan's time.
fn is_overdue(plan: &BackupPlan, last: Option<&Backup>, now: DateTime<Utc>) -> bool {
    let every = TimeDelta::days(i64::from(plan.every_days.max(1)));
    last.is_none_or(|last| (now - last.made_at).abs() >= every)
}
