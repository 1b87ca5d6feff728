/** From when on a price is old. A table, so that no importer is asked: every answer reads it. */
const hourMs = 3_600_000

/** Backends whose hosts set prices from one hour to the next; all others publish lists. */
export const marketBackends: ReadonlySet<string> = new Set([
  'cloudrift',
  'cudo',
  'hotaisle',
  'jarvislabs',
  'primeintellect',
  'runpod',
  'shadeform',
  'tensordock',
  'vastai',
])

/** A day at a market, two weeks for a list. */
export const oldAfterMs = (backend: string): number =>
  marketBackends.has(backend) ? 24 * hourMs : 14 * 24 * hourMs
