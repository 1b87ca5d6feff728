import type { Offer } from '#domain/offer'
import type { Selector } from './overlay.ts'

const folded = (names: readonly string[] | null): ReadonlySet<string> | null =>
  names && new Set(names.map((name) => name.toLowerCase()))

const admits = (names: ReadonlySet<string> | null, name: string | undefined): boolean =>
  names === null || (name !== undefined && names.has(name.toLowerCase()))

/** Whether a name is one of the patterns, each a name or the start of one before a `*`. */
export const nameMatcher = (patterns: readonly string[]): ((name: string) => boolean) => {
  const exact = new Set<string>()
  const starts: string[] = []
  for (const pattern of patterns.map((one) => one.toLowerCase())) {
    if (pattern.endsWith('*')) starts.push(pattern.slice(0, -1))
    else exact.add(pattern)
  }
  return (name) => {
    const lower = name.toLowerCase()
    return exact.has(lower) || starts.some((start) => lower.startsWith(start))
  }
}

/** Selects by what an overlay cannot change, so an overlaid offer is selected as its base was. */
export const selects = (selector: Selector): ((offer: Offer) => boolean) => {
  const backends = folded(selector.backends)
  const regions = folded(selector.regions)
  const gpus = folded(selector.gpus)
  const named = selector.instanceTypes && nameMatcher(selector.instanceTypes)
  return (offer) =>
    admits(backends, offer.backend) &&
    (selector.spot === null || offer.spot === selector.spot) &&
    admits(regions, offer.region ?? undefined) &&
    admits(gpus, offer.instanceType.gpu?.name) &&
    (named === null || named(offer.instanceType.name))
}
