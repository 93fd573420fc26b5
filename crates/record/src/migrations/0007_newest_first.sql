-- The newest consultations are found first, and are the ones that change. FTS5 walks an index with `secure-delete` well
-- in one direction only: so the newest come first in it. What is looked for by kind gets a column of its own, its words
-- behind the mark of their kind (see search.rs). Everything is indexed anew.

DROP TABLE search;
-- rowid = -consultations.id
CREATE VIRTUAL TABLE search USING fts5 (
  patient, reason, transcript, note, kinds,
  tokenize = 'unicode61 remove_diacritics 2',
  prefix = '1 2 3'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
INSERT OR IGNORE INTO search_stale (consultation) SELECT id FROM consultations;
