//! What a note was before: its versions and what changed from one to the next; and addenda, which are new versions.

use note::{Note, ValidatedNote};
use record::{ConsultationId, Difference, NoteVersion, Record};

use crate::calame::held;
use crate::review::{Edit, Review};
use crate::{Calame, ConsultationView, Failure, FailureCode, NoteView};

impl Calame {
    /// Every version this doctor may read, oldest first.
    ///
    /// # Errors
    /// When there is no such consultation.
    pub fn versions(&self, id: &ConsultationId) -> Result<Vec<NoteVersion>, Failure> {
        Ok(self.inner.record()?.versions(id)?)
    }

    /// The note as it was in one version.
    ///
    /// # Errors
    /// When there is no such version, or it is a colleague's draft.
    pub fn version(&self, id: &ConsultationId, version: u32) -> Result<Note, Failure> {
        Ok(self.inner.record()?.version(id, version)?)
    }

    /// What changed from one version to another, statement by statement.
    ///
    /// # Errors
    /// As [`Calame::version`].
    pub fn differences(
        &self,
        id: &ConsultationId,
        older: u32,
        newer: u32,
    ) -> Result<Vec<Difference>, Failure> {
        Ok(self.inner.record()?.differences(id, older, newer)?)
    }

    /// The addendum as it was left, or one that begins with the signed note. Nothing is kept before the first edit.
    ///
    /// # Errors
    /// Before validation; for a colleague's note.
    pub fn addendum(&self, id: &ConsultationId) -> Result<NoteView, Failure> {
        let record = self.inner.record()?;
        self.with_addendum(&record, id, |review, saves| review.view(saves))
    }

    /// # Errors
    /// Before validation, or when the edit does not fit; nothing changes then.
    pub fn edit_addendum(&self, id: &ConsultationId, edit: Edit) -> Result<NoteView, Failure> {
        self.change_addendum(id, |review| review.apply(edit))
    }

    /// # Errors
    /// As [`Calame::edit_addendum`].
    pub fn undo_addendum(&self, id: &ConsultationId) -> Result<NoteView, Failure> {
        self.change_addendum(id, |review| {
            review.undo();
            Ok(())
        })
    }

    /// # Errors
    /// As [`Calame::edit_addendum`].
    pub fn redo_addendum(&self, id: &ConsultationId) -> Result<NoteView, Failure> {
        self.change_addendum(id, |review| {
            review.redo();
            Ok(())
        })
    }

    /// Gives the addendum up; the signed note stays as it is.
    ///
    /// # Errors
    /// When there is no such consultation, or the record cannot be written.
    pub fn discard_addendum(&self, id: &ConsultationId) -> Result<ConsultationView, Failure> {
        self.inner.record()?.discard_addendum(id, self.inner.now())?;
        held(&self.inner.session).addenda.remove(id);
        self.consultation(id)
    }

    /// Signs the addendum in the doctor's name: a new version, beside those before it.
    ///
    /// # Errors
    /// When nothing was changed, while critical statements were not looked at, and for a nameless doctor.
    pub fn sign_addendum(&self, id: &ConsultationId) -> Result<ConsultationView, Failure> {
        let author = self.practice()?.letterhead.doctor;
        self.sign_addendum_as(id, &author, false)
    }

    /// As [`Calame::sign_addendum`], in the name given. `all_checked` states that every critical item was looked at.
    ///
    /// # Errors
    /// As [`Calame::sign_addendum`].
    pub fn sign_addendum_as(
        &self,
        id: &ConsultationId,
        author: &str,
        all_checked: bool,
    ) -> Result<ConsultationView, Failure> {
        let record = self.inner.record()?;
        crate::practice::refuse_colleagues_name(&record, author)?;
        let (note, checked) =
            self.with_addendum(&record, id, |review, _| (review.note().clone(), review.checked()))?;
        if record.validated(id)?.is_some_and(|signed| *signed.note() == note) {
            return Err(Failure::of(FailureCode::EmptyNote));
        }
        let is_checked = |statement: &str| all_checked || checked.iter().any(|c| c == statement);
        let signed = ValidatedNote::sign(note, author, self.inner.now(), is_checked)?;
        record.add_addendum(id, &signed)?;
        held(&self.inner.session).addenda.remove(id);
        self.consultation(id)
    }

    fn change_addendum(
        &self,
        id: &ConsultationId,
        act: impl FnOnce(&mut Review) -> Result<(), Failure>,
    ) -> Result<NoteView, Failure> {
        let record = self.inner.record()?;
        let review = self.with_addendum(&record, id, |review, _| {
            let mut changed = review.clone();
            act(&mut changed).map(|()| changed)
        })??;
        // On disk first: what the doctor sees is what a crash would leave.
        let saves = record.save_addendum(id, review.note(), &review.checked(), self.inner.now())?;
        let view = review.view(saves);
        held(&self.inner.session).addenda.insert(id.clone(), review);
        Ok(view)
    }

    fn with_addendum<T>(
        &self,
        record: &Record,
        id: &ConsultationId,
        act: impl FnOnce(&mut Review, u32) -> T,
    ) -> Result<T, Failure> {
        let signed = record.validated(id)?.ok_or_else(|| Failure::of(FailureCode::NotValidated))?;
        let saved = record.addendum_draft(id)?;
        let saves = saved.as_ref().map_or(0, |draft| draft.version);
        let mut session = held(&self.inner.session);
        let review = session.addenda.entry(id.clone()).or_insert_with(|| match saved {
            Some(draft) => Review::new(draft.note, draft.checked),
            None => {
                // What was signed was looked at.
                let checked: Vec<String> = signed.note().statements().map(|(_, s)| s.id.clone()).collect();
                Review::new(signed.note().clone(), checked)
            }
        });
        Ok(act(review, saves))
    }
}
