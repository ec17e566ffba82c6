-- expand
-- The journal, what is made of it, and what is kept beside it.

CREATE TABLE meta (name text COLLATE "C" PRIMARY KEY, value bytea NOT NULL);
INSERT INTO meta (name, value) VALUES ('store', uuid_send(gen_random_uuid()));

CREATE TABLE events (
    position bigint PRIMARY KEY,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    shape integer NOT NULL,
    at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    caused_by bigint,
    data text COLLATE "C" NOT NULL,
    hash bytea NOT NULL,
    UNIQUE (stream, version)
);

-- Position of the last entry of each category.
CREATE TABLE categories (category text COLLATE "C" PRIMARY KEY, position bigint NOT NULL) WITH (fillfactor = 50);

CREATE TABLE answers (
    scope text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    request bytea NOT NULL,
    answer text COLLATE "C" NOT NULL,
    -- Position of the last entry when it was kept.
    position bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, key)
);

-- One link of the log in every 256; the last of all stands in `log`.
CREATE TABLE links (position bigint PRIMARY KEY, hash bytea NOT NULL);

-- One row: where the log ends. Every commit of entries locks it first, so that positions have one order, no gap, and
-- none is seen before those below it. `forms` names the tables of inline views that have heard everything up to
-- `head`; `making` counts the tables that were put in place of others.
CREATE TABLE log (
    one integer PRIMARY KEY CHECK (one = 1),
    head bigint NOT NULL,
    hash bytea NOT NULL,
    forms text[] NOT NULL,
    making bigint NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
INSERT INTO log (one, head, hash, forms, making) VALUES (1, 0, decode(repeat('00', 32), 'hex'), '{}', 0);

-- A view has a table for each form in which a release declares it. `position` is how far the table has heard; for
-- one of `log.forms` the head is.
CREATE TABLE views (
    form text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    declaration text COLLATE "C" NOT NULL,
    making bigint NOT NULL,
    position bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE sessions (
    token_hash text COLLATE "C" PRIMARY KEY,
    account text COLLATE "C" NOT NULL,
    form_secret text COLLATE "C" NOT NULL,
    began_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    used_at bigint NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account);
CREATE INDEX sessions_by_end ON sessions (ends_at);

CREATE TABLE checkpoints (name text COLLATE "C" PRIMARY KEY, position bigint NOT NULL) WITH (fillfactor = 50);
