/**
 * The history's schema. A _generation_ is one replacement of one backend's offers in the user's
 * catalog; a _change_ is what it made of one offer. Nothing is written of an offer that stays.
 */

/** In order; the number of those applied is the file's `user_version`. Never edit one that shipped. */
export const historyMigrations: readonly string[] = [
  `
CREATE TABLE backend (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- Sources, notes, importers and regions: said once.
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

-- Times are seconds since 1970. The digest is the catalog's own of that backend. Complete is 0 for
-- one that was begun before the catalog was put in place and not yet ended after it, 1 for one that
-- was ended, and 2 for one before which others were forgotten.
CREATE TABLE generation (
  id INTEGER PRIMARY KEY, backend_id INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
  complete INTEGER NOT NULL, observed_at INTEGER, source_id INTEGER NOT NULL,
  notes_id INTEGER NOT NULL, importer_id INTEGER NOT NULL, digest BLOB NOT NULL
) STRICT;
CREATE INDEX generation_backend ON generation (backend_id, id);

CREATE TABLE gpu (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, vendor TEXT NOT NULL, memory_mib INTEGER NOT NULL,
  capability INTEGER
) STRICT;

CREATE TABLE instance_type (
  id INTEGER PRIMARY KEY, backend_id INTEGER NOT NULL, name TEXT NOT NULL,
  UNIQUE (backend_id, name)
) STRICT;

-- What an instance type is, from that generation on.
CREATE TABLE machine (
  instance_type_id INTEGER NOT NULL, generation INTEGER NOT NULL, cpu_milli INTEGER NOT NULL,
  memory_mib INTEGER NOT NULL, gpu_id INTEGER, gpu_count INTEGER NOT NULL, disk_mib INTEGER,
  architecture TEXT, PRIMARY KEY (instance_type_id, generation)
) STRICT, WITHOUT ROWID;

-- The region is null where it is unknown.
CREATE TABLE offer (
  id INTEGER PRIMARY KEY, instance_type_id INTEGER NOT NULL, region_id INTEGER,
  spot INTEGER NOT NULL
) STRICT;
CREATE INDEX offer_instance_type ON offer (instance_type_id);

-- From that generation on: the price in nano-USD, null where it is unknown, and the stock; a null
-- stock says that the offer is gone.
CREATE TABLE change (
  offer_id INTEGER NOT NULL, generation INTEGER NOT NULL, price INTEGER, stock INTEGER,
  PRIMARY KEY (offer_id, generation)
) STRICT, WITHOUT ROWID;
`,
]
