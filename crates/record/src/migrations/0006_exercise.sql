-- A visit that was invented, for a doctor to practise on: the gate holds it as any other, and nothing counts, finds or
-- shows it among those of patients.

ALTER TABLE consultations ADD COLUMN exercise INTEGER NOT NULL DEFAULT 0 CHECK (exercise IN (0, 1));
CREATE INDEX exercises ON consultations (doctor) WHERE exercise = 1;

CREATE TRIGGER exercise_stays_one BEFORE UPDATE OF exercise ON consultations
WHEN NEW.exercise <> OLD.exercise
BEGIN SELECT raise(ABORT, 'gate: an exercise never becomes a visit, nor a visit an exercise'); END;

CREATE TRIGGER exercise_starts_without_patient BEFORE INSERT ON consultations
WHEN NEW.exercise = 1 AND NEW.patient IS NOT NULL
BEGIN SELECT raise(ABORT, 'gate: an exercise has no patient'); END;

CREATE TRIGGER exercise_has_no_patient BEFORE UPDATE OF patient ON consultations
WHEN OLD.exercise = 1 AND NEW.patient IS NOT NULL
BEGIN SELECT raise(ABORT, 'gate: an exercise has no patient'); END;
