-- expand
-- Whose turn it is at work that one node at a time does, until when by the clock of this server.

CREATE TABLE leases (
    name text COLLATE "C" PRIMARY KEY,
    holder text COLLATE "C" NOT NULL,
    fence bigint NOT NULL,
    until timestamptz NOT NULL
) WITH (fillfactor = 50);
