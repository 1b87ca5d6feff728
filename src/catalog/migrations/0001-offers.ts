/** The first schema. What the columns mean: `tables.ts`. */
export const offersSchema = `
CREATE TABLE backend (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, notes TEXT NOT NULL, digest TEXT NOT NULL,
  importer TEXT NOT NULL, offers INTEGER NOT NULL, oldest TEXT NOT NULL, newest TEXT NOT NULL
) STRICT;

CREATE TABLE region (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE INDEX region_name ON region (name COLLATE NOCASE);
INSERT INTO region VALUES (0, '');

CREATE TABLE gpu (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, vendor TEXT NOT NULL, memory_mib INTEGER NOT NULL,
  capability INTEGER
) STRICT;
CREATE UNIQUE INDEX gpu_model ON gpu (name, vendor, memory_mib);
INSERT INTO gpu VALUES (0, '', '', 0, NULL);

CREATE TABLE instance_type (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, cpu_milli INTEGER NOT NULL,
  memory_mib INTEGER NOT NULL, gpu_id INTEGER NOT NULL, gpu_count INTEGER NOT NULL,
  disk_mib INTEGER, architecture TEXT
) STRICT;
CREATE INDEX instance_type_name ON instance_type (name COLLATE NOCASE);

CREATE TABLE observation (
  id INTEGER PRIMARY KEY, backend_id INTEGER NOT NULL, source TEXT NOT NULL,
  observed_at TEXT NOT NULL
) STRICT;

CREATE TABLE offer (
  variant_id INTEGER NOT NULL, region_id INTEGER NOT NULL, standing INTEGER NOT NULL,
  stock INTEGER NOT NULL, observation_id INTEGER NOT NULL,
  PRIMARY KEY (variant_id, region_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE variant (
  cell_id INTEGER NOT NULL, min_standing INTEGER NOT NULL, id INTEGER NOT NULL,
  max_standing INTEGER NOT NULL, cpu_milli INTEGER NOT NULL, memory_mib INTEGER NOT NULL,
  gpu_count INTEGER NOT NULL, disk_mib INTEGER, backend_id INTEGER NOT NULL,
  region_mask INTEGER NOT NULL, offers INTEGER NOT NULL,
  PRIMARY KEY (cell_id, min_standing, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cell (
  id INTEGER PRIMARY KEY, spot INTEGER NOT NULL, out_of_stock INTEGER NOT NULL,
  gpu_id INTEGER NOT NULL, min_gpu_count INTEGER NOT NULL, max_gpu_count INTEGER NOT NULL,
  min_cpu_milli INTEGER NOT NULL, max_cpu_milli INTEGER NOT NULL,
  min_memory_mib INTEGER NOT NULL, max_memory_mib INTEGER NOT NULL,
  fixed_disk INTEGER NOT NULL, backend_mask INTEGER NOT NULL,
  min_standing INTEGER NOT NULL, max_standing INTEGER NOT NULL, offers INTEGER NOT NULL
) STRICT;
CREATE INDEX cell_gpu ON cell (gpu_id, min_standing);

CREATE TABLE summary (digest TEXT NOT NULL) STRICT;
INSERT INTO summary VALUES ('');
`
