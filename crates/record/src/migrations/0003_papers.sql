-- Papers made from a signed note: letters, prescriptions, certificates, summaries. Each is signed by itself, bound to
-- the version of the note it was made from, and never changes.

CREATE TABLE papers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  consultation INTEGER NOT NULL REFERENCES consultations (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('referral', 'prescription', 'certificate', 'summary')),
  paper TEXT NOT NULL CHECK (json_valid(paper)),
  note_sha256 TEXT NOT NULL CHECK (length(note_sha256) = 64),
  author TEXT NOT NULL CHECK (author <> ''),
  at TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64)
) STRICT;
CREATE INDEX papers_by_consultation ON papers (consultation, id);

CREATE TRIGGER paper_of_signed_note BEFORE INSERT ON papers
WHEN EXISTS (SELECT 1 FROM papers WHERE id = NEW.id OR sha256 = NEW.sha256)
  OR coalesce((SELECT sha256 FROM note_versions
               WHERE consultation = NEW.consultation AND kind IN ('validated', 'addendum')
               ORDER BY version DESC LIMIT 1), '') <> NEW.note_sha256
BEGIN SELECT raise(ABORT, 'gate: the paper is not made from the signed note'); END;

CREATE TRIGGER paper_never_changes BEFORE UPDATE ON papers
BEGIN SELECT raise(ABORT, 'gate: a paper never changes'); END;

CREATE TRIGGER paper_deleted_by_erasure BEFORE DELETE ON papers
WHEN EXISTS (SELECT 1 FROM consultations c WHERE c.id = OLD.consultation AND NOT EXISTS (
  SELECT 1 FROM erasures e WHERE e.subject = c.uuid AND e.open = 1 AND e.scope = 'consultation'))
BEGIN SELECT raise(ABORT, 'gate: no erasure is open for this consultation'); END;
