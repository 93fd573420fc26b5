-- The first schema of the record. The gate (law L5) stands here as constraints and triggers, so that it holds even
-- against SQL that does not come from Calame.
--
-- Times are RFC 3339, UTC, nine decimals: they sort as text. Identities that leave the database are UUIDs; integer
-- keys only join tables, and are never used twice (AUTOINCREMENT).

CREATE TABLE identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  record TEXT NOT NULL CHECK (length(record) = 36),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

CREATE TABLE patients (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identifier TEXT,
  name TEXT,
  birth_date TEXT CHECK (birth_date IS NULL OR birth_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  created_at TEXT NOT NULL,
  CHECK (coalesce(identifier, name, birth_date) IS NOT NULL)
) STRICT;
CREATE INDEX patients_by_identifier ON patients (identifier) WHERE identifier IS NOT NULL;
CREATE INDEX patients_by_name ON patients (name) WHERE name IS NOT NULL;

CREATE TABLE consultations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  patient INTEGER REFERENCES patients (id),
  reason TEXT,
  language TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('created', 'consented', 'recording', 'paused', 'stopped', 'drafted', 'validated', 'exported')),
  created_at TEXT NOT NULL,
  audio_erased_at TEXT,
  model TEXT,                -- speech model of the transcript
  heard_ms INTEGER NOT NULL DEFAULT 0 CHECK (heard_ms >= 0)  -- duration the transcript covers
) STRICT;
CREATE INDEX consultations_by_patient ON consultations (patient);
CREATE INDEX consultations_by_state ON consultations (state) WHERE state IN ('recording', 'paused');

-- Every decision is kept; the newest one counts.
CREATE TABLE consents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  consultation INTEGER NOT NULL REFERENCES consultations (id) ON DELETE CASCADE,
  decision TEXT NOT NULL CHECK (decision IN ('informed', 'refused', 'withdrawn')),
  form TEXT NOT NULL CHECK (form IN ('oral', 'written')),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX consents_by_consultation ON consents (consultation, id);

-- 16 kHz mono signed 16-bit little-endian, without gaps, at most one second a row.
CREATE TABLE audio_chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  consultation INTEGER NOT NULL REFERENCES consultations (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL CHECK (seq >= 0),
  start_sample INTEGER NOT NULL CHECK (start_sample >= 0),
  samples INTEGER NOT NULL CHECK (samples BETWEEN 1 AND 16000),
  at TEXT NOT NULL,
  pcm BLOB NOT NULL CHECK (length(pcm) = 2 * samples),
  UNIQUE (consultation, seq)
) STRICT;
CREATE UNIQUE INDEX audio_by_start ON audio_chunks (consultation, start_sample, samples, seq);

CREATE TABLE segments (
  consultation INTEGER NOT NULL REFERENCES consultations (id) ON DELETE CASCADE,
  idx INTEGER NOT NULL CHECK (idx >= 0),
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL CHECK (end_ms >= start_ms),
  text TEXT NOT NULL,
  json TEXT NOT NULL CHECK (json_valid(json)),
  PRIMARY KEY (consultation, idx)
) STRICT;

-- Every save is a row that never changes. 'draft': one save. 'validated': the signed note, once. 'addendum': a later
-- signed version.
CREATE TABLE note_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  consultation INTEGER NOT NULL REFERENCES consultations (id) ON DELETE CASCADE,
  version INTEGER NOT NULL CHECK (version >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('draft', 'validated', 'addendum')),
  note TEXT NOT NULL CHECK (json_valid(note)),
  checked TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(checked)),
  author TEXT,
  at TEXT NOT NULL,
  sha256 TEXT CHECK (sha256 IS NULL OR length(sha256) = 64),
  UNIQUE (consultation, version),
  CHECK (kind = 'draft' OR (author IS NOT NULL AND sha256 IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX one_validated_version ON note_versions (consultation) WHERE kind = 'validated';

CREATE TABLE exports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  consultation INTEGER NOT NULL REFERENCES consultations (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  FOREIGN KEY (consultation, version) REFERENCES note_versions (consultation, version)
    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX exports_by_consultation ON exports (consultation, version);

-- An erasure is announced here first; while it is open the protected rows of its scope may go. It outlives what it
-- erased, so it holds no identity.
CREATE TABLE erasures (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL,     -- uuid of the consultation
  scope TEXT NOT NULL CHECK (scope IN ('audio', 'audio_tail', 'withdrawal', 'consultation')),
  why TEXT NOT NULL,
  at TEXT NOT NULL,
  open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1))
) STRICT;
CREATE INDEX open_erasures ON erasures (subject, scope) WHERE open = 1;

-- hash = SHA-256 (previous hash, canonical row); see audit.rs. No patient text.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject, seq);

-- The last row of the chain once more: a cut tail shows.
CREATE TABLE audit_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

-- rowid = consultations.id
CREATE VIRTUAL TABLE search USING fts5 (
  patient, reason, transcript, note,
  tokenize = 'unicode61 remove_diacritics 2',
  prefix = '1 2 3'
);
-- A deleted row leaves no word behind in the index. That makes replacing a row slow (0.1 s), so rows are replaced when a
-- search needs them, not at every save.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- Consultations that changed since they were indexed.
CREATE TABLE search_stale (
  consultation INTEGER PRIMARY KEY REFERENCES consultations (id) ON DELETE CASCADE
) STRICT;
