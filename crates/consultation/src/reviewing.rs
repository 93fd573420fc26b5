use chrono::{DateTime, TimeDelta, Utc};
use note::{Note, PaperError, ValidatedNote, ValidationError};
use record::{AudioFate, ConsultationId, Record, State};

use crate::calame::held;
use crate::review::{Edit, Review};
use crate::{Calame, ConsultationView, Failure, FailureCode, NoteView, Practice, Retention};

impl Calame {
    /// # Errors
    /// When the note is validated already, or the edit does not fit it; nothing changes then.
    pub fn edit(&self, id: &ConsultationId, edit: Edit) -> Result<NoteView, Failure> {
        self.change(id, |review| review.apply(edit))
    }

    /// # Errors
    /// When the note is validated already.
    pub fn undo(&self, id: &ConsultationId) -> Result<NoteView, Failure> {
        self.change(id, |review| {
            review.undo();
            Ok(())
        })
    }

    /// # Errors
    /// When the note is validated already.
    pub fn redo(&self, id: &ConsultationId) -> Result<NoteView, Failure> {
        self.change(id, |review| {
            review.redo();
            Ok(())
        })
    }

    /// Signs the note in the doctor's name, freezes it, and erases the audio where the practice says so.
    ///
    /// # Errors
    /// While critical statements were not looked at; for an empty note, a nameless doctor, or a note validated before.
    pub fn validate(&self, id: &ConsultationId) -> Result<ConsultationView, Failure> {
        let author = self.practice()?.letterhead.doctor;
        self.validate_as(id, &author, false)
    }

    /// As [`Calame::validate`], in the name given. `all_checked` states that every critical item was looked at.
    ///
    /// # Errors
    /// As [`Calame::validate`].
    pub fn validate_as(
        &self,
        id: &ConsultationId,
        author: &str,
        all_checked: bool,
    ) -> Result<ConsultationView, Failure> {
        self.refuse_while_busy(id)?;
        let record = self.inner.record()?;
        refuse_validated(&record, id)?;
        let (note, checked) =
            self.with_review(&record, id, |review| (review.note().clone(), review.checked()))?;
        let is_checked = |statement: &str| all_checked || checked.iter().any(|c| c == statement);
        crate::practice::refuse_colleagues_name(&record, author)?;
        let fate = fate(&crate::practice::of(&record)?, self.inner.now());
        let signed = ValidatedNote::sign(note, author, self.inner.now(), is_checked)?;
        if fate == AudioFate::Erase {
            self.stop_playback();
        }
        // One act: a crash leaves no signed note whose audio nobody would erase.
        record.freeze_and_decide(id, &signed, &fate)?;
        held(&self.inner.session).reviews.remove(id);
        self.keep_house();
        self.consultation(id)
    }

    pub(crate) fn note_view(
        &self,
        record: &Record,
        id: &ConsultationId,
    ) -> Result<Option<NoteView>, Failure> {
        if let Some(signed) = record.validated(id)? {
            let note: Note = signed.note().clone();
            let checked = note.statements().map(|(_, s)| s.id.clone()).collect();
            let view =
                NoteView { note, checked, pending: vec![], can_undo: false, can_redo: false, version: 0 };
            return Ok(Some(view));
        }
        let Some(draft) = record.draft(id)? else { return Ok(None) };
        let version = draft.version;
        self.with_review(record, id, |review| Some(review.view(version)))
    }

    pub(crate) fn change(
        &self,
        id: &ConsultationId,
        act: impl FnOnce(&mut Review) -> Result<(), Failure>,
    ) -> Result<NoteView, Failure> {
        self.refuse_while_busy(id)?;
        let record = self.inner.record()?;
        refuse_validated(&record, id)?;
        let review = self.with_review(&record, id, |review| {
            let mut changed = review.clone();
            act(&mut changed).map(|()| changed)
        })??;
        // On disk first: what the doctor sees is what a crash would leave.
        let version = record.save_draft(id, review.note(), &review.checked(), self.inner.now())?;
        let view = review.view(version);
        held(&self.inner.session).reviews.insert(id.clone(), review);
        Ok(view)
    }

    pub(crate) fn with_review<T>(
        &self,
        record: &Record,
        id: &ConsultationId,
        act: impl FnOnce(&mut Review) -> T,
    ) -> Result<T, Failure> {
        let mut session = held(&self.inner.session);
        if !session.reviews.contains_key(id) {
            let review = match record.draft(id)? {
                Some(draft) => Review::new(draft.note, draft.checked),
                // A note may be typed without any recording: consent refused, or no microphone.
                None => Review::new(Note::new(record.consultation(id)?.language), []),
            };
            session.reviews.insert(id.clone(), review);
        }
        let review = session.reviews.get_mut(id).ok_or_else(|| Failure::of(FailureCode::Internal))?;
        Ok(act(review))
    }
}

/// What the practice's settings make of the audio of a note that is validated now.
fn fate(practice: &Practice, now: DateTime<Utc>) -> AudioFate {
    match practice.retention {
        Retention::AtValidation => AudioFate::Erase,
        Retention::AfterDays => {
            AudioFate::EraseAt { at: now + TimeDelta::days(i64::from(practice.retention_days)) }
        }
        Retention::Keep => {
            let given = practice.keep_reason.trim();
            // Chosen before a reason was asked for.
            let reason = if given.is_empty() { "setting of the practice" } else { given };
            AudioFate::Keep { reason: reason.to_owned() }
        }
    }
}

pub(crate) fn refuse_validated(record: &Record, id: &ConsultationId) -> Result<(), Failure> {
    match record.consultation(id)?.state {
        State::Validated | State::Exported => Err(Failure::of(FailureCode::AlreadyValidated)),
        _ => Ok(()),
    }
}

impl From<ValidationError> for Failure {
    fn from(error: ValidationError) -> Self {
        match error {
            ValidationError::Unchecked(ids) => {
                Self::of(FailureCode::UncheckedCritical).with("count", ids.len())
            }
            ValidationError::Empty => Self::of(FailureCode::EmptyNote),
            ValidationError::NoAuthor => Self::of(FailureCode::NoAuthor),
            ValidationError::Altered => Self::of(FailureCode::RecordCorrupt),
        }
    }
}

impl From<PaperError> for Failure {
    fn from(error: PaperError) -> Self {
        match error {
            PaperError::Empty => Self::of(FailureCode::EmptyNote),
            PaperError::NoAuthor => Self::of(FailureCode::NoAuthor),
            PaperError::UnknownStatements(ids) => {
                Self::of(FailureCode::InvalidInput).with("count", ids.len())
            }
            PaperError::Altered => Self::of(FailureCode::RecordCorrupt),
        }
    }
}
