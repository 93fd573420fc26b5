-- Search by drug and by diagnosis, and by day. Consultations are indexed anew when the next search asks for them.

DROP TABLE search;
-- rowid = consultations.id; `drug` and `diagnosis` repeat what the note says of them.
CREATE VIRTUAL TABLE search USING fts5 (
  patient, reason, transcript, note, drug, diagnosis,
  tokenize = 'unicode61 remove_diacritics 2',
  prefix = '1 2 3'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
INSERT OR IGNORE INTO search_stale (consultation) SELECT id FROM consultations;

CREATE INDEX consultations_by_time ON consultations (created_at);
