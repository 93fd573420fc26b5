use record::{AuditReport, AuditRow, Record};
use zeroize::Zeroizing;

use crate::calame::{Session, held};
use crate::{Calame, Event, Failure, FailureCode, Practice, RecordStatus, Status, Strength};

const PRACTICE: &str = "practice";
/// zxcvbn's 0 to 4; 3 is "safely unguessable" against an offline attack on a slow hash.
const ENOUGH: u8 = 3;
const SHORTEST: usize = 12;

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
        if !self.strength(passphrase).acceptable {
            return Err(Failure::of(FailureCode::WeakPassphrase));
        }
        let path = &self.inner.places.record;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| Failure::io(&source, folder))?;
        }
        let (record, code) = Record::create(path, passphrase, self.inner.now())?;
        record.set_setting(PRACTICE, practice)?;
        held(&self.inner.session).record = Some(record);
        Ok(Zeroizing::new(code.to_string()))
    }

    /// # Errors
    /// For a wrong passphrase, a damaged or newer record, or one that another Calame holds.
    pub fn unlock(&self, passphrase: &str) -> Result<Status, Failure> {
        if self.status().record != RecordStatus::Open {
            let record = match self.inner.record_in_use() {
                // Work that went on behind the lock holds the record open: the passphrase is still asked for.
                Some(record) => {
                    record.check_passphrase(passphrase)?;
                    record
                }
                None => Record::unlock(&self.inner.places.record, passphrase, self.inner.now())?,
            };
            // An older or cheaper wrapping of the key is renewed while the passphrase is at hand; another time will do.
            let _ = record.strengthen(passphrase, record::KdfCost::STANDARD, self.inner.now());
            held(&self.inner.session).record = Some(record);
            self.opened();
        }
        Ok(self.status())
    }

    /// Opens with the printed code and sets a new passphrase; gives the code that replaces it.
    ///
    /// # Errors
    /// For a wrong code or a weak passphrase: nothing changes then.
    pub fn recover(&self, code: &str, passphrase: &str) -> Result<Zeroizing<String>, Failure> {
        if !self.strength(passphrase).acceptable {
            return Err(Failure::of(FailureCode::WeakPassphrase));
        }
        let (record, code) =
            Record::unlock_with_recovery(&self.inner.places.record, code, passphrase, self.inner.now())?;
        held(&self.inner.session).record = Some(record);
        Ok(Zeroizing::new(code.to_string()))
    }

    /// Hides everything until the passphrase is given again. A recording under way goes on.
    pub fn lock(&self) -> Status {
        self.stop_playback();
        *held(&self.inner.session) = Session::default();
        self.inner.emit(Event::Locked);
        self.status()
    }

    /// # Errors
    /// When `current` is wrong or `passphrase` weak.
    pub fn change_passphrase(&self, current: &str, passphrase: &str) -> Result<(), Failure> {
        if !self.strength(passphrase).acceptable {
            return Err(Failure::of(FailureCode::WeakPassphrase));
        }
        Ok(self.inner.record()?.change_passphrase(current, passphrase, self.inner.now())?)
    }

    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn practice(&self) -> Result<Practice, Failure> {
        Ok(self.inner.record()?.setting(PRACTICE)?.unwrap_or_default())
    }

    /// # Errors
    /// When the record is locked or cannot be written.
    pub fn save_practice(&self, practice: Practice) -> Result<Practice, Failure> {
        self.inner.record()?.set_setting(PRACTICE, &practice)?;
        Ok(practice)
    }

    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn audit_rows(&self) -> Result<Vec<AuditRow>, Failure> {
        Ok(self.inner.record()?.audit_rows()?)
    }

    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn verify_audit(&self) -> Result<AuditReport, Failure> {
        Ok(self.inner.record()?.verify_audit()?)
    }
}
