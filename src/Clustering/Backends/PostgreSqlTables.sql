-- The tables behind Orleans' relational membership and reminders. Orleans reads its statements from the table orleansquery (see
-- PostgreSqlQueries) and knows no other name here. Run in a transaction with the search path on BlindGrain's schema; running it again
-- changes nothing.

CREATE TABLE IF NOT EXISTS schema_version (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version integer NOT NULL
);

CREATE TABLE IF NOT EXISTS orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL
);

-- One row a cluster: every change of its membership raises the version, so that two changes at once never both happen.
CREATE TABLE IF NOT EXISTS membership (
    cluster_id text PRIMARY KEY,
    version integer NOT NULL,
    changed timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS silo (
    cluster_id text NOT NULL REFERENCES membership ON DELETE CASCADE,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer,
    suspect_times text,
    start_time timestamptz(3) NOT NULL,
    i_am_alive_time timestamptz(3) NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

CREATE TABLE IF NOT EXISTS reminder (
    service_id text NOT NULL,
    grain_id text NOT NULL,
    reminder_name text NOT NULL,
    start_time timestamptz(3) NOT NULL,
    period_ms bigint NOT NULL,
    grain_hash integer NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (service_id, grain_id, reminder_name)
);

CREATE INDEX IF NOT EXISTS reminder_by_hash ON reminder (service_id, grain_hash);
