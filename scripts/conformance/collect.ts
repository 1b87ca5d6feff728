import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import type { Chapter, Needs, VectorResult } from './chapter.ts'
import { chapters } from './chapters.ts'

/** What came of one vector file. */
export interface FileReport {
  /** Relative to the folder that was walked. */
  readonly file: string
  readonly results: readonly VectorResult[]
  /** Why the file was not run, or stopped. */
  readonly error?: string
}

export interface Collected {
  readonly reports: readonly FileReport[]
  /** Vector files of a kind that is not run. */
  readonly notRun: readonly string[]
}

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

/** The needed file nearest to the vectors: of the walked folder, else of the repository's copy. */
const findNeed = (name: string, places: readonly (readonly string[])[]): string => {
  for (const files of places) {
    const found = files.find((file) => basename(file) === name)
    if (found !== undefined) return found
  }
  throw new Error(`needs ${name}, which is nowhere`)
}

const needsOf = (chapter: Chapter, file: string, places: readonly (readonly string[])[]): Needs =>
  new Map(
    chapter.needs.map((name) => {
      const path = name === chapter.file ? file : findNeed(name, places)
      return [name, readFileSync(path, 'utf8')]
    }),
  )

const runFile = (chapter: Chapter, file: string, places: readonly (readonly string[])[]) => {
  const results: VectorResult[] = []
  try {
    const needs = needsOf(chapter, file, places)
    const vectors: unknown = JSON.parse(readFileSync(file, 'utf8'))
    for (const result of chapter.run(vectors, needs)) results.push(result)
    return results.length === 0 ? { results, error: 'holds no vectors' } : { results }
  } catch (error) {
    return { results, error: error instanceof Error ? error.message : String(error) }
  }
}

/** Runs every vector file below `directory` whose name a chapter knows. */
export const collect = (directory: string, copy: string): Collected => {
  const files = filesBelow(directory)
  const places = [files, filesBelow(copy)]
  const reports: FileReport[] = []
  const notRun: string[] = []
  const needed = new Set(chapters.flatMap((chapter) => chapter.needs))
  for (const file of files.filter((one) => one.endsWith('.json'))) {
    const name = basename(file)
    const chapter = chapters.find((one) => one.file === name)
    const shown = relative(directory, file)
    if (chapter) reports.push({ file: shown, ...runFile(chapter, file, places) })
    else if (!needed.has(name)) notRun.push(shown)
  }
  return { reports, notRun }
}
