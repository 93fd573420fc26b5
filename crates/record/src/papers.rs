use chrono::{DateTime, Utc};
use note::{Paper, ValidatedPaper, canonical_json};

use crate::stamp::Stamp;
use crate::{ConsultationId, Record, RecordError, State, audit};

impl Record {
    /// Keeps a signed paper for good. Its note must be the signed note as it stands.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] before validation or when an addendum came since, [`RecordError::NotFound`].
    pub fn add_paper(&self, id: &ConsultationId, signed: &ValidatedPaper) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            found.refuse_if(!found.state.is_signed(), "sign a paper")?;
            let newest = "SELECT sha256 FROM note_versions
                          WHERE consultation = ?1 AND kind <> 'draft' ORDER BY version DESC LIMIT 1";
            let newest: String = write.query_row(newest, [found.key], |row| row.get(0))?;
            found.refuse_if(newest != signed.note_sha256(), "sign a paper of an older version")?;
            write.execute(
                "INSERT INTO papers (consultation, kind, paper, note_sha256, author, at, sha256)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                (
                    found.key,
                    signed.paper().kind.name(),
                    canonical_json(signed.paper()),
                    signed.note_sha256(),
                    signed.author(),
                    Stamp(signed.at()),
                    signed.sha256(),
                ),
            )?;
            let detail = format!("{} {}", signed.paper().kind.name(), signed.sha256());
            audit::append(write, signed.at(), "paper", Some(id.as_str()), &detail)
        })
    }

    /// The signed papers of a consultation, newest first.
    ///
    /// # Errors
    /// [`RecordError::Corrupt`] when one no longer matches its fingerprint, [`RecordError::NotFound`].
    pub fn papers(&self, id: &ConsultationId) -> Result<Vec<ValidatedPaper>, RecordError> {
        let rows: Vec<(String, String, String, Stamp, String)> = self.read(|read| {
            let found = self.seen(read, id)?;
            let mut statement = read.prepare_cached(
                "SELECT paper, note_sha256, author, at, sha256 FROM papers WHERE consultation = ?1 ORDER BY id DESC",
            )?;
            let rows = statement.query_map([found.key], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        let corrupt = |reason: String| RecordError::Corrupt { path: self.path().to_owned(), reason };
        rows.into_iter()
            .map(|(paper, note, author, at, sha256)| {
                let paper = Paper::from_json(&paper);
                let paper =
                    paper.map_err(|error| corrupt(format!("a paper of consultation {id}: {error}")))?;
                ValidatedPaper::restore(paper, note, author, at.0, sha256)
                    .map_err(|error| corrupt(format!("a paper of consultation {id}: {error}")))
            })
            .collect()
    }

    /// Notes that a signed paper left the record, as `form` (such as `pdf`). Call it before it is handed out: where it
    /// fails, nothing may leave.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] for a paper that the record does not hold, [`RecordError::NotFound`].
    pub fn log_paper_export(
        &self,
        id: &ConsultationId,
        signed: &ValidatedPaper,
        form: &str,
        at: DateTime<Utc>,
    ) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.seen(write, id)?;
            let held = write
                .prepare_cached("SELECT 1 FROM papers WHERE consultation = ?1 AND sha256 = ?2")?
                .exists((found.key, signed.sha256()))?;
            found.refuse_if(!held, "export a paper that is not signed in it")?;
            let kind = format!("{} {form}", signed.paper().kind.name());
            write.execute(
                "INSERT INTO exports (consultation, version, kind, at)
                 SELECT consultation, max(version), ?2, ?3 FROM note_versions
                 WHERE consultation = ?1 AND kind <> 'draft' GROUP BY consultation",
                (found.key, &kind, Stamp(at)),
            )?;
            audit::append(write, at, "export", Some(id.as_str()), &kind)?;
            write
                .execute("UPDATE consultations SET state = ?2 WHERE id = ?1", (found.key, State::Exported))?;
            Ok(())
        })
    }
}
