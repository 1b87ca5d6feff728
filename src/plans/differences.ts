/** Where two JSON values differ, path by path. */
import type { Json } from '#domain/json'
import { canonicalJson } from './canonical-json.ts'

/** `undefined` is absent. */
export interface Difference {
  /** `requirements.cpus.min`, `attempts[aws/us-east-1/p4d/spot].price.amount`. */
  readonly path: string
  readonly planned: Json | undefined
  readonly derived: Json | undefined
}

type Mapping = { readonly [key: string]: Json }

const isMapping = (value: Json | undefined): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

const isSame = (planned: Json | undefined, derived: Json | undefined): boolean =>
  planned === derived ||
  (planned !== undefined &&
    derived !== undefined &&
    canonicalJson(planned) === canonicalJson(derived))

const keysOf = (planned: Mapping, derived: Mapping): readonly string[] =>
  [...new Set([...Object.keys(planned), ...Object.keys(derived)])].sort()

export const differences = (
  planned: Json | undefined,
  derived: Json | undefined,
  path = '',
): readonly Difference[] => {
  if (isSame(planned, derived)) return []
  if (isMapping(planned) && isMapping(derived)) {
    return keysOf(planned, derived).flatMap((key) =>
      differences(planned[key], derived[key], path === '' ? key : `${path}.${key}`),
    )
  }
  if (isList(planned) && isList(derived)) return listDifferences(planned, derived, path)
  return [{ path, planned, derived }]
}

const listDifferences = (
  planned: readonly Json[],
  derived: readonly Json[],
  path: string,
): readonly Difference[] => {
  const [before, after] = [byId(planned), byId(derived)]
  if (before && after) return namedDifferences(before, after, path)
  const length = Math.max(planned.length, derived.length)
  return Array.from({ length }, (_, index) => index).flatMap((index) =>
    differences(planned[index], derived[index], `${path}[${index}]`),
  )
}

/** Items by their `id`, in order; null where some have none or two have the same. */
const byId = (items: readonly Json[]): ReadonlyMap<string, Mapping> | null => {
  const named = new Map<string, Mapping>()
  for (const item of items) {
    if (isMapping(item) && typeof item['id'] === 'string') named.set(item['id'], item)
  }
  return named.size === items.length ? named : null
}

/** One item more or less does not make every later one differ: ranks count only where ids agree. */
const namedDifferences = (
  planned: ReadonlyMap<string, Mapping>,
  derived: ReadonlyMap<string, Mapping>,
  path: string,
): readonly Difference[] => {
  const [before, after] = [[...planned.keys()], [...derived.keys()]]
  const [keptBefore, keptAfter] = [
    before.filter((id) => derived.has(id)),
    after.filter((id) => planned.has(id)),
  ]
  const ranked = isSame(before, after)
  const items = [...new Set([...before, ...after])].flatMap((id) => {
    const [was, is] = [planned.get(id), derived.get(id)]
    const at = `${path}[${id}]`
    if (!was || !is) return [{ path: at, planned: was, derived: is }]
    return differences(ranked ? was : unranked(was), ranked ? is : unranked(is), at)
  })
  return isSame(keptBefore, keptAfter)
    ? items
    : [...items, { path: `${path} (order)`, planned: keptBefore, derived: keptAfter }]
}

const unranked = (item: Mapping): Mapping => ({ ...item, rank: null })
