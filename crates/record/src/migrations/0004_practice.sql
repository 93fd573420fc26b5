-- Several doctors on one machine, patients that can be named from outside, audio that waits for its erasure, and
-- addenda in the making.

-- The first one owns the record: its keeper, who lets others in.
CREATE TABLE doctors (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  name TEXT NOT NULL,
  shares INTEGER NOT NULL CHECK (shares IN (0, 1)),  -- whether the others may read this doctor's signed notes
  created_at TEXT NOT NULL,
  left_at TEXT
) STRICT;
INSERT INTO doctors (uuid, name, shares, created_at) SELECT record, '', 1, created_at FROM identity;

-- What was there before belongs to the owner.
ALTER TABLE consultations ADD COLUMN doctor INTEGER NOT NULL DEFAULT 1;
ALTER TABLE patients ADD COLUMN doctor INTEGER NOT NULL DEFAULT 1;
CREATE INDEX consultations_by_doctor ON consultations (doctor, id);

CREATE TRIGGER consultation_has_known_doctor BEFORE INSERT ON consultations
WHEN NOT EXISTS (SELECT 1 FROM doctors WHERE id = NEW.doctor AND left_at IS NULL)
BEGIN SELECT raise(ABORT, 'gate: no such doctor'); END;

CREATE TRIGGER consultation_keeps_doctor BEFORE UPDATE OF doctor ON consultations
WHEN NEW.doctor <> OLD.doctor
BEGIN SELECT raise(ABORT, 'gate: a consultation keeps its doctor'); END;

CREATE TRIGGER doctor_is_never_replaced BEFORE INSERT ON doctors
WHEN EXISTS (SELECT 1 FROM doctors WHERE id = NEW.id OR uuid = NEW.uuid)
BEGIN SELECT raise(ABORT, 'gate: a doctor is never replaced'); END;

CREATE TRIGGER doctor_keeps_identity BEFORE UPDATE ON doctors
WHEN NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NEW.created_at <> OLD.created_at
BEGIN SELECT raise(ABORT, 'gate: a doctor keeps their identity'); END;

CREATE TRIGGER doctor_stays BEFORE DELETE ON doctors
BEGIN SELECT raise(ABORT, 'gate: notes keep their doctor'); END;

-- A name for a patient that says nothing about them.
ALTER TABLE patients ADD COLUMN uuid TEXT;
UPDATE patients SET uuid = lower(
  hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'
  || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
CREATE UNIQUE INDEX patients_by_uuid ON patients (uuid);
CREATE TRIGGER patient_has_uuid BEFORE INSERT ON patients WHEN length(NEW.uuid) IS NOT 36
BEGIN SELECT raise(ABORT, 'gate: a patient has an id'); END;

-- What becomes of the audio of a validated consultation: erased when it is due, or kept for a reason.
CREATE TABLE audio_retention (
  consultation INTEGER PRIMARY KEY REFERENCES consultations (id) ON DELETE CASCADE,
  due_at TEXT,
  reason TEXT,
  CHECK ((due_at IS NULL) <> (reason IS NULL))
) STRICT;
CREATE INDEX audio_by_due ON audio_retention (due_at) WHERE due_at IS NOT NULL;

-- Every save of an addendum that is not signed yet. `base` is the signed version it changes.
CREATE TABLE addendum_drafts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  consultation INTEGER NOT NULL REFERENCES consultations (id) ON DELETE CASCADE,
  base INTEGER NOT NULL,
  note TEXT NOT NULL CHECK (json_valid(note)),
  checked TEXT NOT NULL CHECK (json_valid(checked)),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX addendum_drafts_by_consultation ON addendum_drafts (consultation, base, id);

CREATE TRIGGER addendum_of_signed_note BEFORE INSERT ON addendum_drafts
WHEN NEW.base IS NOT (SELECT max(version) FROM note_versions
                      WHERE consultation = NEW.consultation AND kind IN ('validated', 'addendum'))
BEGIN SELECT raise(ABORT, 'gate: an addendum changes the signed note as it stands'); END;

CREATE TRIGGER addendum_draft_never_changes BEFORE UPDATE ON addendum_drafts
BEGIN SELECT raise(ABORT, 'gate: a saved addendum never changes'); END;
