/** What the autoscaler last made of a run, for whoever looks from another process. */
export const scalingSchema = `
CREATE TABLE scaling (
  run_id   TEXT PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  note     TEXT NOT NULL
) STRICT;
`
