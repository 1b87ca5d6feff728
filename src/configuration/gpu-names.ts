import { nearest } from '#domain/spelling'

export interface UnknownGpuName {
  readonly name: string
  readonly nearest: string | null
}

/** The names that are no known GPU. dstack 0.18 takes them, and they match nothing. */
export const unknownGpuNames = (
  names: readonly string[],
  known: Iterable<string>,
): readonly UnknownGpuName[] => {
  const all = [...known]
  const lower = new Set(all.map((name) => name.toLowerCase()))
  return names
    .filter((name) => !lower.has(name.toLowerCase()))
    .map((name) => ({ name, nearest: nearest(name, all) }))
}
