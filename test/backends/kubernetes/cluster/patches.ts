/** Two of the ways to patch an object. */
import { type Fields, fieldsOf, listOf } from './objects.ts'

/** RFC 7386. */
const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const merged: Fields = { ...fieldsOf(target) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

/** Lists that are merged by a key of their items; all others are replaced. */
const mergeKeys: Readonly<Record<string, string>> = {
  conditions: 'type',
  addresses: 'type',
  podIPs: 'ip',
}

const mergedList = (target: unknown, patch: readonly Fields[], key: string): readonly Fields[] => {
  const known = listOf(target)
  const isNew = (one: Fields) => !known.some((other) => other[key] === one[key])
  return [
    ...known.map((one) => ({ ...one, ...patch.find((other) => other[key] === one[key]) })),
    ...patch.filter(isNew),
  ]
}

const strategicMergePatch = (target: unknown, patch: unknown): unknown => {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const merged: Fields = { ...fieldsOf(target) }
  for (const [key, value] of Object.entries(patch)) {
    const by = mergeKeys[key]
    if (value === null) delete merged[key]
    else if (by !== undefined && Array.isArray(value)) {
      merged[key] = mergedList(merged[key], listOf(value), by)
    } else merged[key] = strategicMergePatch(merged[key], value)
  }
  return merged
}

const patches: Readonly<Record<string, (target: unknown, patch: unknown) => unknown>> = {
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': strategicMergePatch,
}

/** Null for a media type that is none. */
export const patchOf = (mediaType: string) => patches[mediaType] ?? null
