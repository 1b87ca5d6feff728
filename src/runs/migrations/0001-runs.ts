/** Runs, their replicas, the attempts to place them, and everything that was made for them. */
export const runsSchema = `
CREATE TABLE owner (id TEXT PRIMARY KEY, created_ms INTEGER NOT NULL) STRICT;

CREATE TABLE lease (
  name TEXT PRIMARY KEY, holder TEXT NOT NULL, until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, reason TEXT,
  spec TEXT NOT NULL, wanted_replicas INTEGER NOT NULL,
  submitted_ms INTEGER NOT NULL, ended_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX run_of_name ON run (name) WHERE ended_ms IS NULL;

CREATE TABLE replica (
  run_id TEXT NOT NULL REFERENCES run, replica INTEGER NOT NULL, submission INTEGER NOT NULL,
  status TEXT NOT NULL, reason TEXT, message TEXT, exit_code INTEGER, instance_id TEXT,
  failures INTEGER NOT NULL, retry_since_ms INTEGER NOT NULL, first_failed_ms INTEGER,
  submitted_ms INTEGER NOT NULL, running_ms INTEGER, changed_ms INTEGER NOT NULL,
  PRIMARY KEY (run_id, replica, submission)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
  id TEXT PRIMARY KEY, run_id TEXT NOT NULL REFERENCES run, replica INTEGER NOT NULL,
  submission INTEGER NOT NULL, number INTEGER NOT NULL, backend TEXT NOT NULL, offer TEXT NOT NULL,
  state TEXT NOT NULL, class TEXT, scope TEXT, code TEXT, message TEXT,
  started_ms INTEGER NOT NULL, sent_ms INTEGER, ended_ms INTEGER
) STRICT;
CREATE INDEX attempt_of_replica ON attempt (run_id, replica, submission);
CREATE INDEX attempt_unsettled ON attempt (state) WHERE state IN ('intended', 'sent', 'unclear');

CREATE TABLE instance (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, backend TEXT NOT NULL, ref_id TEXT NOT NULL,
  region TEXT, zone TEXT, status TEXT NOT NULL, reason TEXT, pool TEXT NOT NULL, offer TEXT NOT NULL,
  run_id TEXT, replica INTEGER, idle_seconds INTEGER, rate_nano_usd INTEGER,
  service_host TEXT, service_port INTEGER, ssh_host TEXT, ssh_port INTEGER,
  created_ms INTEGER NOT NULL, idle_since_ms INTEGER, seen_ms INTEGER, expires_ms INTEGER NOT NULL,
  ended_ms INTEGER
) STRICT;
CREATE INDEX instance_alive ON instance (status) WHERE ended_ms IS NULL;

CREATE TABLE side_object (
  backend TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, region TEXT NOT NULL,
  attempt_id TEXT NOT NULL, is_shared INTEGER NOT NULL, gone_ms INTEGER,
  PRIMARY KEY (backend, kind, id, region)
) STRICT, WITHOUT ROWID;

CREATE TABLE cool_down (
  key TEXT PRIMARY KEY, until_ms INTEGER NOT NULL, why TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE transition (
  id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, run_id TEXT, replica INTEGER, instance_id TEXT,
  subject TEXT NOT NULL, before TEXT, after TEXT NOT NULL, why TEXT
) STRICT;
CREATE INDEX transition_of_run ON transition (run_id, id);
`
