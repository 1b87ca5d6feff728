import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { interruptionRows } from '#backends/aws/spot-advice'
import { interruptionColumns, interruptionLines as linesOf } from '#catalog/interruption-file'
import type { InputDocument } from './source.ts'

export const spotAdvisor = {
  key: 'interruption',
  file: 'aws/spot-advisor-data.json',
  repository: 'alexei-led/spotinfo',
  path: 'internal/spot/data/spot-advisor-data.json',
  commit: '05e9331',
  observedOn: '2025-06-28',
  licence: 'Apache-2.0',
} as const satisfies InputDocument

/** The lines of `interruption.csv`, header first: Linux, by instance type and region. */
export const interruptionLines = (directory: string): readonly string[] => {
  const document: unknown = JSON.parse(readFileSync(join(directory, spotAdvisor.file), 'utf8'))
  return [interruptionColumns, ...linesOf(interruptionRows(document))]
}
