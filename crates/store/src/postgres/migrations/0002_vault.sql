-- expand
-- The wrapped keys of the sealing, in a schema of their own, so that they are dumped apart from the journal.

CREATE SCHEMA vault;
CREATE TABLE vault.meta (name text COLLATE "C" PRIMARY KEY, value bytea NOT NULL);
-- A row without a key is the tombstone of an erased subject.
CREATE TABLE vault.keys (subject text COLLATE "C" PRIMARY KEY, wrapped bytea);
-- One row: how many erasures there were. Every node looks at it, and forgets its remembered keys when it grew.
CREATE TABLE vault.erasures (one integer PRIMARY KEY CHECK (one = 1), count bigint NOT NULL);
INSERT INTO vault.erasures (one, count) VALUES (1, 0);
