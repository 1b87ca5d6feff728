/** What came of one vector. `detail` is the reason of a skip, or expected and got of a failure. */
export interface VectorResult {
  readonly id: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly detail?: string
}

/** Texts of the files a chapter asked for, by name. */
export type Needs = ReadonlyMap<string, string>

/** How the vectors of one kind are run. A chapter knows rules, never single vectors. */
export interface Chapter {
  /** The name of the vector file, wherever it lies. */
  readonly file: string
  /** Names of files whose text `run` needs; the vector file itself may be among them. */
  readonly needs: readonly string[]
  /** `vectors` is the parsed JSON of the whole file. Must throw only when the file is no such file. */
  run(vectors: unknown, needs: Needs): Iterable<VectorResult>
}

export const passed = (id: string): VectorResult => ({ id, outcome: 'passed' })

export const skipped = (id: string, reason: string): VectorResult => ({
  id,
  outcome: 'skipped',
  detail: reason,
})

const brief = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}

export const failed = (id: string, expected: unknown, got: unknown): VectorResult => ({
  id,
  outcome: 'failed',
  detail: `expected ${brief(expected)}, got ${brief(got)}`,
})

/** The text of a needed file. */
export const needed = (needs: Needs, name: string): string => {
  const text = needs.get(name)
  if (text === undefined) throw new Error(`"${name}" was not handed to the chapter`)
  return text
}
