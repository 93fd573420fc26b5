use std::time::Duration;

use record::{AuditReport, AuditRow, ConsultationId, Record, RecordError};
use zeroize::Zeroizing;

use crate::calame::{Session, held};
use crate::{Acts, Calame, Event, Failure, FailureCode, Practice, RecordStatus, Status, Strength};

/// zxcvbn's 0 to 4; 3 is "safely unguessable" against an offline attack on a slow hash.
const ENOUGH: u8 = 3;
const SHORTEST: usize = 12;
/// How often, and after how long, an opening that finds the record in use looks again.
const PATIENCE: u32 = 20;
const MOMENT: Duration = Duration::from_millis(50);

impl Calame {
    #[must_use]
    pub fn strength(&self, passphrase: &str) -> Strength {
        let score = u8::from(zxcvbn::zxcvbn(passphrase, &["calame"]).score());
        Strength { score, acceptable: passphrase.chars().count() >= SHORTEST && score >= ENOUGH }
    }

    /// Creates and opens the record. Gives the recovery code, which is shown once and kept nowhere.
    ///
    /// # Errors
    /// For a weak passphrase, an existing record, or a folder that cannot be written.
    pub fn create_record(&self, passphrase: &str, practice: &Practice) -> Result<Zeroizing<String>, Failure> {
        self.refuse_weak(passphrase)?;
        let path = &self.inner.places.record;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| Failure::io(&source, folder))?;
        }
        let (record, code) = Record::create(path, passphrase, self.inner.now())?;
        crate::practice::save(&record, practice)?;
        record.describe_doctor(&practice.letterhead.doctor, true, self.inner.now())?;
        self.opened(record);
        Ok(Zeroizing::new(code.to_string()))
    }

    /// # Errors
    /// For a wrong passphrase, a damaged or newer record, or one that another Calame holds.
    pub fn unlock(&self, passphrase: &str) -> Result<Status, Failure> {
        if self.status().record != RecordStatus::Open {
            let record = self.enter(
                |record| record.session(passphrase),
                || Record::unlock(&self.inner.places.record, passphrase, self.inner.now()),
            )?;
            // An older or cheaper wrapping of the key is renewed while the passphrase is at hand; another time will do.
            let _ = record.strengthen(passphrase, record::KdfCost::STANDARD, self.inner.now());
            self.opened(record);
        }
        Ok(self.status())
    }

    /// Opens with the printed code and sets a new passphrase; gives the code that replaces it.
    ///
    /// # Errors
    /// For a wrong code or a weak passphrase: nothing changes then.
    pub fn recover(&self, code: &str, passphrase: &str) -> Result<Zeroizing<String>, Failure> {
        self.refuse_weak(passphrase)?;
        let now = self.inner.now();
        let (record, code) = self.enter(
            |record| record.session_with_recovery(code, passphrase, now),
            || Record::unlock_with_recovery(&self.inner.places.record, code, passphrase, now),
        )?;
        self.opened(record);
        Ok(Zeroizing::new(code.to_string()))
    }

    /// Work that goes on behind the lock holds the record open: the secret is then asked for by that record. Work that
    /// is just ending lets go of it in a moment.
    fn enter<T>(
        &self,
        session: impl Fn(&Record) -> Result<T, RecordError>,
        unlock: impl Fn() -> Result<T, RecordError>,
    ) -> Result<T, Failure> {
        for _ in 0..PATIENCE {
            if let Some(record) = self.inner.record_in_use() {
                return Ok(session(&record)?);
            }
            match unlock() {
                Err(RecordError::Busy) => std::thread::sleep(MOMENT),
                opened => return Ok(opened?),
            }
        }
        Ok(unlock()?)
    }

    /// The record is open in the hands of a doctor.
    pub(crate) fn opened(&self, record: Record) {
        if let Ok(practice) = crate::practice::of(&record) {
            self.inner.lock_after(&practice);
        }
        self.inner.hand();
        held(&self.inner.session).record = Some(record);
        self.keep_house();
    }

    /// Hides everything until the passphrase is given again. A recording under way goes on.
    pub fn lock(&self) -> Status {
        self.stop_playback();
        self.cancel_dictation();
        *held(&self.inner.session) = Session::default();
        self.inner.emit(Event::Locked);
        self.status()
    }

    /// # Errors
    /// When `current` is wrong or `passphrase` weak.
    pub fn change_passphrase(&self, current: &str, passphrase: &str) -> Result<(), Failure> {
        self.refuse_weak(passphrase)?;
        Ok(self.inner.record()?.change_passphrase(current, passphrase, self.inner.now())?)
    }

    pub(crate) fn refuse_weak(&self, passphrase: &str) -> Result<(), Failure> {
        if self.strength(passphrase).acceptable {
            Ok(())
        } else {
            Err(Failure::of(FailureCode::WeakPassphrase))
        }
    }

    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn audit_rows(&self) -> Result<Vec<AuditRow>, Failure> {
        Ok(self.inner.record()?.audit_rows()?)
    }

    /// Every act on one consultation, oldest first, with who did them.
    ///
    /// # Errors
    /// When there is no such consultation.
    pub fn acts(&self, id: &ConsultationId) -> Result<Acts, Failure> {
        let record = self.inner.record()?;
        let doctor = match record.consultation(id)?.colleague {
            Some(colleague) => colleague,
            None => record.doctor()?.name,
        };
        Ok(Acts { doctor, rows: record.audit_of(id)? })
    }

    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn verify_audit(&self) -> Result<AuditReport, Failure> {
        Ok(self.inner.record()?.verify_audit()?)
    }
}
