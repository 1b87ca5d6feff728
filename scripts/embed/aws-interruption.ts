import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { interruptionBands, interruptionColumns } from '#cost/interruption'
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

interface Advice {
  /** Region -> system -> instance type -> what is advised; `r` is the number of the band. */
  readonly spot_advisor: Readonly<
    Record<string, { readonly Linux?: Readonly<Record<string, { readonly r: number }>> }>
  >
}

/** The lines of `interruption.csv`, header first: Linux, by instance type and region. */
export const interruptionLines = (directory: string): readonly string[] => {
  const text = readFileSync(join(directory, spotAdvisor.file), 'utf8')
  const { spot_advisor: regions } = JSON.parse(text) as Advice
  const lines = Object.entries(regions).flatMap(([region, { Linux = {} }]) =>
    Object.entries(Linux).map(([type, { r }]) => {
      const band = interruptionBands[r]
      if (band === undefined) throw new TypeError(`${type} in ${region} has no band ${r}`)
      return `${type},${region},${band}`
    }),
  )
  return [interruptionColumns, ...lines.sort()]
}
