//! A record that is open already, entered again: a screen locked over a recording, which goes on in the hands of the
//! doctor who started it.

use chrono::{DateTime, Utc};

use crate::keys::{Keys, Opened, check_strength};
use crate::record::count_failure;
use crate::{Record, RecordError, RecoveryCode, audit};

impl Record {
    /// Asks this doctor's passphrase again.
    ///
    /// # Errors
    /// [`RecordError::WrongPassphrase`], also for a colleague's; a failure is counted.
    pub fn check_passphrase(&self, passphrase: &str) -> Result<(), RecordError> {
        if self.session(passphrase)?.is_in_the_same_hands(self) {
            Ok(())
        } else {
            Err(RecordError::WrongPassphrase)
        }
    }

    /// The open record in the hands of the doctor whose passphrase this is.
    ///
    /// # Errors
    /// [`RecordError::WrongPassphrase`], [`RecordError::TooSoon`]; a failure is counted.
    pub fn session(&self, passphrase: &str) -> Result<Self, RecordError> {
        let opened = self.entered(|keys| {
            keys.refuse_in_haste(Utc::now())?;
            keys.open_with_passphrase(self.path(), passphrase)
        })?;
        if opened.key != *self.key() {
            return Err(RecordError::WrongPassphrase);
        }
        self.in_hands_of(opened.doctor.as_deref())
    }

    /// As [`Record::unlock_with_recovery`], of the open record: in the hands of its owner.
    ///
    /// # Errors
    /// [`RecordError::WrongRecoveryCode`], [`RecordError::WeakPassphrase`].
    pub fn session_with_recovery(
        &self,
        code: &str,
        new_passphrase: &str,
        at: DateTime<Utc>,
    ) -> Result<(Self, RecoveryCode), RecordError> {
        check_strength(new_passphrase)?;
        let code = RecoveryCode::parse(code)?;
        let opened = self.entered(|keys| {
            let key = keys.open_with_code(self.path(), &code)?;
            Ok(Opened { key, doctor: None })
        })?;
        if opened.key != *self.key() {
            return Err(RecordError::WrongRecoveryCode);
        }
        let owner = self.in_hands_of(None)?;
        owner.write(|write| audit::append(write, at, "unlock with recovery code", None, ""))?;
        let fresh = owner.replace_both(new_passphrase, at)?;
        Ok((owner, fresh))
    }

    fn entered(
        &self,
        open: impl FnOnce(&mut Keys) -> Result<Opened, RecordError>,
    ) -> Result<Opened, RecordError> {
        self.with_keys(|keys| {
            let opened = open(keys);
            let opened = opened.inspect_err(|error| count_failure(keys, self.path(), error, Utc::now()))?;
            if keys.forgive() {
                // On a full disk the count stays there until the next time.
                let _ = keys.write(self.path());
            }
            Ok(opened)
        })
    }
}
