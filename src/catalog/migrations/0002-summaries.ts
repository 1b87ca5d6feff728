/** Cells by region, and cells that tell their disks; cells are few, and need no index. */
export const summariesSchema = `
CREATE TABLE cell_region (
  region_id INTEGER NOT NULL, cell_id INTEGER NOT NULL, backend_id INTEGER NOT NULL,
  min_standing INTEGER NOT NULL, offers INTEGER NOT NULL,
  PRIMARY KEY (region_id, cell_id, backend_id)
) STRICT, WITHOUT ROWID;

INSERT INTO cell_region
SELECT region_id, cell_id, backend_id, min(standing), count(*)
FROM variant JOIN offer ON offer.variant_id = variant.id GROUP BY 1, 2, 3;

DROP TABLE cell;
CREATE TABLE cell (
  id INTEGER PRIMARY KEY, spot INTEGER NOT NULL, out_of_stock INTEGER NOT NULL,
  gpu_id INTEGER NOT NULL, min_gpu_count INTEGER NOT NULL, max_gpu_count INTEGER NOT NULL,
  min_cpu_milli INTEGER NOT NULL, max_cpu_milli INTEGER NOT NULL,
  min_memory_mib INTEGER NOT NULL, max_memory_mib INTEGER NOT NULL,
  free_disk INTEGER NOT NULL, min_disk_mib INTEGER, max_disk_mib INTEGER,
  backend_mask INTEGER NOT NULL,
  min_standing INTEGER NOT NULL, max_standing INTEGER NOT NULL, offers INTEGER NOT NULL
) STRICT;

INSERT INTO cell
SELECT cell_id, cell_id & 1, (cell_id & 2) > 0, cell_id >> 18,
  min(gpu_count), max(gpu_count), min(cpu_milli), max(cpu_milli),
  min(memory_mib), max(memory_mib), max(disk_mib IS NULL), min(disk_mib), max(disk_mib),
  sum(DISTINCT 1 << backend_id), min(min_standing), max(max_standing), sum(offers)
FROM variant GROUP BY cell_id;
`
