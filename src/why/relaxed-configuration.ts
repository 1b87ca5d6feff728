/** A configuration with a relaxation written into it. */
import type { Requirements } from '#domain/requirements'
import type { Change } from './changes.ts'
import { type KeyEdit, keyEdits, printGpu } from './key-edits.ts'
import { nodeIn, removeKey, setKey } from './yaml-edit.ts'

/** An edit that the text does not take, and what to do instead. */
export interface Unwritten {
  /** As the keys of a configuration: `regions`, `resources.gpu.memory`. */
  readonly key: string
  readonly reason: string
}

export interface RelaxedConfiguration {
  /** The text with only the changed keys replaced; comments, order and spelling of the rest are kept. */
  readonly text: string
  readonly edits: readonly KeyEdit[]
  /** Empty when the text asks for exactly what the relaxation promises. */
  readonly unwritten: readonly Unwritten[]
}

/** `relaxation` is one of `explainWhy`, or any changes with the requirements they lead to. */
export const relaxedConfiguration = (
  text: string,
  {
    changes,
    requirements,
  }: { readonly changes: readonly Change[]; readonly requirements: Requirements },
): RelaxedConfiguration => {
  const asked = keyEdits(changes, requirements)
  const edits = asked.some(isInGpu) ? fitGpu(text, asked, requirements) : asked
  const unwritten: Unwritten[] = []
  let written = text
  for (const edit of edits.map((one) => fitDisk(text, one))) {
    const next =
      edit.value === null ? removeKey(written, edit.path) : setKey(written, edit.path, edit.value)
    if (next === null) unwritten.push(unwrittenOf(edit))
    else written = next
  }
  return { text: written, edits, unwritten }
}

const unwrittenOf = ({ path, value }: KeyEdit): Unwritten => {
  const key = path.join('.')
  return value === null
    ? { key, reason: `${key} is not set in the file: take it out of the profile or the flags` }
    : { key, reason: `write ${key}: ${value} by hand: it is shared with other keys` }
}

const isInGpu = ({ path }: KeyEdit): boolean => path[0] === 'resources' && path[1] === 'gpu'

/** A demand in short form (`A100:80GB`) has no keys of its own: it is written anew, whole. */
const fitGpu = (
  text: string,
  edits: readonly KeyEdit[],
  { gpu }: Requirements,
): readonly KeyEdit[] => {
  const path = ['resources', 'gpu']
  if (gpu === null || nodeIn(text, path)?.kind === 'map') return edits
  const first = edits.findIndex(isInGpu)
  return edits.flatMap((edit, index) => {
    if (!isInGpu(edit)) return [edit]
    return index === first ? [{ path, value: printGpu(gpu) }] : []
  })
}

/** `disk: 100GB..` and `disk: {size: 100GB..}` mean the same. */
const fitDisk = (text: string, edit: KeyEdit): KeyEdit => {
  const isSize = edit.path.join('.') === 'resources.disk' && edit.value !== 'null'
  return isSize && nodeIn(text, edit.path)?.kind === 'map'
    ? { ...edit, path: [...edit.path, 'size'] }
    : edit
}
