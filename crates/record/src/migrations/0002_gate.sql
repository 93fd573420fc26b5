-- The gate. BEFORE INSERT triggers also refuse existing keys, because INSERT OR REPLACE deletes without a delete
-- trigger.

CREATE TRIGGER consultation_starts_created BEFORE INSERT ON consultations
WHEN NEW.state <> 'created'
  OR EXISTS (SELECT 1 FROM consultations WHERE id = NEW.id OR uuid = NEW.uuid)
BEGIN SELECT raise(ABORT, 'gate: a consultation starts as created, once'); END;

CREATE TRIGGER consultation_keeps_identity BEFORE UPDATE ON consultations
WHEN NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NEW.created_at <> OLD.created_at
BEGIN SELECT raise(ABORT, 'gate: a consultation keeps its identity'); END;

CREATE TRIGGER validated_consultation_keeps_heading BEFORE UPDATE ON consultations
WHEN OLD.state IN ('validated', 'exported')
  AND (NEW.patient IS NOT OLD.patient OR NEW.reason IS NOT OLD.reason OR NEW.language <> OLD.language)
BEGIN SELECT raise(ABORT, 'gate: the consultation is validated'); END;

CREATE TRIGGER consultation_deleted_by_erasure BEFORE DELETE ON consultations
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE subject = OLD.uuid AND scope = 'consultation' AND open = 1)
BEGIN SELECT raise(ABORT, 'gate: no erasure is open for this consultation'); END;

CREATE TRIGGER state_moves_are_known BEFORE UPDATE OF state ON consultations
WHEN NEW.state <> OLD.state AND NOT (
     (OLD.state = 'created'   AND NEW.state IN ('consented', 'drafted'))
  OR (OLD.state = 'consented' AND NEW.state IN ('created', 'recording', 'stopped', 'drafted'))
  OR (OLD.state = 'recording' AND NEW.state IN ('created', 'paused', 'stopped'))
  OR (OLD.state = 'paused'    AND NEW.state IN ('created', 'recording', 'stopped'))
  OR (OLD.state = 'stopped'   AND NEW.state IN ('created', 'drafted'))
  OR (OLD.state = 'drafted'   AND NEW.state IN ('created', 'validated'))
  OR (OLD.state = 'validated' AND NEW.state = 'exported'))
BEGIN SELECT raise(ABORT, 'gate: forbidden move'); END;

CREATE TRIGGER recording_needs_consent BEFORE UPDATE OF state ON consultations
WHEN NEW.state IN ('consented', 'recording') AND NEW.state <> OLD.state AND coalesce(
  (SELECT decision FROM consents WHERE consultation = OLD.id ORDER BY id DESC LIMIT 1), '') <> 'informed'
BEGIN SELECT raise(ABORT, 'gate: no consent'); END;

-- Back to the start only when consent was refused or withdrawn.
CREATE TRIGGER return_needs_refusal BEFORE UPDATE OF state ON consultations
WHEN NEW.state = 'created' AND OLD.state <> 'created' AND coalesce(
  (SELECT decision FROM consents WHERE consultation = OLD.id ORDER BY id DESC LIMIT 1), 'informed') = 'informed'
BEGIN SELECT raise(ABORT, 'gate: consent stands'); END;

CREATE TRIGGER drafted_needs_draft BEFORE UPDATE OF state ON consultations
WHEN NEW.state = 'drafted' AND OLD.state <> 'drafted'
  AND NOT EXISTS (SELECT 1 FROM note_versions WHERE consultation = OLD.id AND kind = 'draft')
BEGIN SELECT raise(ABORT, 'gate: there is no draft'); END;

CREATE TRIGGER validated_needs_signed_note BEFORE UPDATE OF state ON consultations
WHEN NEW.state = 'validated' AND OLD.state <> 'validated'
  AND NOT EXISTS (SELECT 1 FROM note_versions WHERE consultation = OLD.id AND kind = 'validated')
BEGIN SELECT raise(ABORT, 'gate: there is no signed note'); END;

CREATE TRIGGER exported_needs_export BEFORE UPDATE OF state ON consultations
WHEN NEW.state = 'exported' AND OLD.state <> 'exported'
  AND NOT EXISTS (SELECT 1 FROM exports WHERE consultation = OLD.id)
BEGIN SELECT raise(ABORT, 'gate: nothing was exported'); END;

-- Consents

CREATE TRIGGER consent_is_added BEFORE INSERT ON consents
WHEN EXISTS (SELECT 1 FROM consents WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'gate: a consent is never replaced'); END;

CREATE TRIGGER consent_never_changes BEFORE UPDATE ON consents
BEGIN SELECT raise(ABORT, 'gate: a consent never changes'); END;

CREATE TRIGGER consent_deleted_by_erasure BEFORE DELETE ON consents
WHEN NOT EXISTS (SELECT 1 FROM erasures e JOIN consultations c ON c.uuid = e.subject
                 WHERE c.id = OLD.consultation AND e.open = 1 AND e.scope = 'consultation')
 AND EXISTS (SELECT 1 FROM consultations WHERE id = OLD.consultation)
BEGIN SELECT raise(ABORT, 'gate: no erasure is open for this consultation'); END;

-- Audio

CREATE TRIGGER audio_needs_recording BEFORE INSERT ON audio_chunks
WHEN coalesce((SELECT state FROM consultations WHERE id = NEW.consultation), '')
  NOT IN ('consented', 'recording', 'paused')
BEGIN SELECT raise(ABORT, 'gate: nothing is being recorded'); END;

CREATE TRIGGER audio_has_no_gap BEFORE INSERT ON audio_chunks
WHEN EXISTS (SELECT 1 FROM audio_chunks WHERE id = NEW.id)
  OR NEW.seq <> coalesce((SELECT max(seq) + 1 FROM audio_chunks WHERE consultation = NEW.consultation), 0)
  OR NEW.start_sample <> coalesce((SELECT start_sample + samples FROM audio_chunks
       WHERE consultation = NEW.consultation ORDER BY seq DESC LIMIT 1), 0)
BEGIN SELECT raise(ABORT, 'gate: audio is appended without gaps'); END;

-- The only change: the last chunk is cut short while the erasure of a tail is open.
CREATE TRIGGER audio_never_changes BEFORE UPDATE ON audio_chunks
WHEN NEW.id <> OLD.id OR NEW.consultation <> OLD.consultation OR NEW.seq <> OLD.seq
  OR NEW.start_sample <> OLD.start_sample OR NEW.at <> OLD.at OR NEW.samples >= OLD.samples
  OR NEW.pcm <> substr(OLD.pcm, 1, 2 * NEW.samples)
  OR NOT EXISTS (SELECT 1 FROM erasures e JOIN consultations c ON c.uuid = e.subject
                 WHERE c.id = OLD.consultation AND e.open = 1 AND e.scope = 'audio_tail')
BEGIN SELECT raise(ABORT, 'gate: audio never changes'); END;

CREATE TRIGGER audio_deleted_by_erasure BEFORE DELETE ON audio_chunks
WHEN NOT EXISTS (SELECT 1 FROM erasures e JOIN consultations c ON c.uuid = e.subject
                 WHERE c.id = OLD.consultation AND e.open = 1)
 AND EXISTS (SELECT 1 FROM consultations WHERE id = OLD.consultation)
BEGIN SELECT raise(ABORT, 'gate: no erasure is open for this consultation'); END;

-- Transcript: none without consent (a sentence that comes late after a withdrawal is refused), and what a signed note
-- cites stays as it was.

CREATE TRIGGER segment_between_consent_and_validation BEFORE INSERT ON segments
WHEN coalesce((SELECT state FROM consultations WHERE id = NEW.consultation), '')
  IN ('', 'created', 'validated', 'exported')
BEGIN SELECT raise(ABORT, 'gate: no transcript at this stage'); END;

CREATE TRIGGER segment_updated_before_validation BEFORE UPDATE ON segments
WHEN NEW.consultation <> OLD.consultation
  OR (SELECT state FROM consultations WHERE id = OLD.consultation) IN ('validated', 'exported')
BEGIN SELECT raise(ABORT, 'gate: the consultation is validated'); END;

CREATE TRIGGER segment_deleted_before_validation BEFORE DELETE ON segments
WHEN EXISTS (SELECT 1 FROM consultations c WHERE c.id = OLD.consultation AND c.state IN ('validated', 'exported')
  AND NOT EXISTS (SELECT 1 FROM erasures WHERE subject = c.uuid AND open = 1 AND scope = 'consultation'))
BEGIN SELECT raise(ABORT, 'gate: the consultation is validated'); END;

-- Notes

CREATE TRIGGER note_version_in_its_state BEFORE INSERT ON note_versions
WHEN EXISTS (SELECT 1 FROM note_versions
             WHERE id = NEW.id OR (consultation = NEW.consultation AND version >= NEW.version)
                OR (consultation = NEW.consultation AND kind = 'validated' AND NEW.kind = 'validated'))
  OR coalesce((SELECT CASE NEW.kind
       WHEN 'draft' THEN state NOT IN ('validated', 'exported')
       WHEN 'validated' THEN state = 'drafted'
       ELSE state IN ('validated', 'exported') END
     FROM consultations WHERE id = NEW.consultation), 0) = 0
BEGIN SELECT raise(ABORT, 'gate: no such version at this stage'); END;

CREATE TRIGGER note_version_never_changes BEFORE UPDATE ON note_versions
BEGIN SELECT raise(ABORT, 'gate: a version never changes'); END;

CREATE TRIGGER note_version_deleted_by_erasure BEFORE DELETE ON note_versions
WHEN EXISTS (SELECT 1 FROM consultations c WHERE c.id = OLD.consultation AND NOT EXISTS (
  SELECT 1 FROM erasures e WHERE e.subject = c.uuid AND e.open = 1
     AND (e.scope = 'consultation' OR (e.scope = 'withdrawal' AND OLD.kind = 'draft'))))
BEGIN SELECT raise(ABORT, 'gate: no erasure is open for this version'); END;

-- Exports

CREATE TRIGGER export_after_validation BEFORE INSERT ON exports
WHEN EXISTS (SELECT 1 FROM exports WHERE id = NEW.id)
  OR coalesce((SELECT state FROM consultations WHERE id = NEW.consultation), '') NOT IN ('validated', 'exported')
  OR NOT EXISTS (SELECT 1 FROM note_versions WHERE consultation = NEW.consultation AND version = NEW.version
                 AND kind IN ('validated', 'addendum'))
BEGIN SELECT raise(ABORT, 'gate: the note is not validated'); END;

CREATE TRIGGER export_never_changes BEFORE UPDATE ON exports
BEGIN SELECT raise(ABORT, 'gate: an export never changes'); END;

CREATE TRIGGER export_deleted_by_erasure BEFORE DELETE ON exports
WHEN EXISTS (SELECT 1 FROM consultations c WHERE c.id = OLD.consultation AND NOT EXISTS (
  SELECT 1 FROM erasures e WHERE e.subject = c.uuid AND e.open = 1 AND e.scope = 'consultation'))
BEGIN SELECT raise(ABORT, 'gate: no erasure is open for this consultation'); END;

-- Erasures

CREATE TRIGGER erasure_is_announced BEFORE INSERT ON erasures
WHEN NEW.open <> 1 OR EXISTS (SELECT 1 FROM erasures WHERE id = NEW.id)
  OR (NEW.scope = 'withdrawal' AND EXISTS (SELECT 1 FROM consultations
      WHERE uuid = NEW.subject AND state IN ('validated', 'exported')))
BEGIN SELECT raise(ABORT, 'gate: an erasure starts open, once'); END;

CREATE TRIGGER erasure_only_closes BEFORE UPDATE ON erasures
WHEN NOT (OLD.open = 1 AND NEW.open = 0) OR NEW.id <> OLD.id OR NEW.subject <> OLD.subject
  OR NEW.scope <> OLD.scope OR NEW.why <> OLD.why OR NEW.at <> OLD.at
BEGIN SELECT raise(ABORT, 'gate: an erasure only closes'); END;

CREATE TRIGGER erasure_never_deleted BEFORE DELETE ON erasures
BEGIN SELECT raise(ABORT, 'gate: an erasure is never deleted'); END;

-- Audit: append-only.

CREATE TRIGGER audit_is_appended BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT seq + 1 FROM audit_head)
BEGIN SELECT raise(ABORT, 'gate: the audit is appended'); END;

CREATE TRIGGER audit_moves_head AFTER INSERT ON audit
BEGIN UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash; END;

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'gate: the audit never changes'); END;

CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'gate: the audit is never deleted'); END;

CREATE TRIGGER audit_head_follows BEFORE UPDATE ON audit_head
WHEN NEW.one <> 1 OR NEW.seq <> OLD.seq + 1
  OR NEW.hash IS NOT (SELECT hash FROM audit WHERE seq = NEW.seq)
BEGIN SELECT raise(ABORT, 'gate: the head follows the audit'); END;

INSERT INTO audit_head (one, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TRIGGER audit_head_is_single BEFORE INSERT ON audit_head
BEGIN SELECT raise(ABORT, 'gate: the audit has one head'); END;

CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN SELECT raise(ABORT, 'gate: the audit has one head'); END;
