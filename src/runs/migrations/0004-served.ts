/** Runs that a server has put before its gateway, for whoever waits for it in another process. */
export const servedSchema = `
CREATE TABLE served (
  run_id   TEXT PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  since_ms INTEGER NOT NULL
) STRICT;
`
