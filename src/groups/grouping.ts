import { ArgumentError } from '#domain/errors'

/** What parts groups. The accelerator (name, memory, maker) always does. */
export interface Grouping {
  readonly backend: boolean
  /** Only together with `backend`: a region's name says nothing without one. */
  readonly region: boolean
  readonly count: boolean
}

export const byGpu: Grouping = { backend: false, region: false, count: false }

const keys = ['gpu', 'backend', 'region', 'count'] as const
export type GroupKey = (typeof keys)[number]

const isKey = (text: string): text is GroupKey => (keys as readonly string[]).includes(text)

const toKey = (word: string): GroupKey => {
  const text = word.trim().toLowerCase()
  if (isKey(text)) return text
  throw new ArgumentError(`cannot group by "${word}"`, {
    hint: `one or more of ${keys.join(', ')}`,
  })
}

/**
 * The words of `--group-by`, each one key or several parted by commas. Throws `ArgumentError` for an
 * unknown key, for no `gpu`, and for `region` without `backend`.
 */
export const parseGrouping = (words: readonly string[]): Grouping => {
  const asked = new Set(words.flatMap((word) => word.split(',')).map(toKey))
  const [first = ''] = asked
  if (!asked.has('gpu')) throw lacking(first, 'gpu', asked)
  if (asked.has('region') && !asked.has('backend')) throw lacking('region', 'backend', asked)
  return { backend: asked.has('backend'), region: asked.has('region'), count: asked.has('count') }
}

const lacking = (key: string, without: GroupKey, asked: ReadonlySet<GroupKey>): ArgumentError => {
  const needed = new Set<GroupKey>([...asked, 'gpu'])
  if (asked.has('region')) needed.add('backend')
  return new ArgumentError(`cannot group by "${key}" without "${without}"`, {
    hint: `--group-by ${keys.filter((one) => needed.has(one)).join(',')}`,
  })
}

/** The keys of a grouping, in their order. */
export const groupKeys = (grouping: Grouping): readonly GroupKey[] =>
  keys.filter((key) => key === 'gpu' || grouping[key])
