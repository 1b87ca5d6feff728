/**
 * The process that holds a lease. Programs before this know its holder only: what is told counts
 * while `told_by` is still the holder.
 */
export const leaseProcessSchema = `
ALTER TABLE lease ADD COLUMN told_by TEXT;
ALTER TABLE lease ADD COLUMN host TEXT;
ALTER TABLE lease ADD COLUMN pid INTEGER;
ALTER TABLE lease ADD COLUMN born TEXT;
`
