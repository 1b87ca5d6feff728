/**
 * AWS's bands of interruption as a file: those that come with the program, and those of the last
 * refresh, which say in their first line when and where they were seen.
 */
import { join } from 'node:path'
import { CatalogUnreadableError } from '#domain/errors'
import {
  type InterruptionList,
  type InterruptionRow,
  isInterruptionBand,
} from '#domain/interruption'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import { packageRoot } from '#platform/package-root'

export const embeddedInterruptionPath = (): string =>
  join(packageRoot(), 'dist', 'interruption.csv')

export const userInterruptionPath = (environment: Environment): string =>
  join(dataHome(environment), 'interruption.csv')

export const interruptionColumns = 'instance_type,region,band'

const lineOf = ({ instanceType, region, band }: InterruptionRow): string =>
  `${instanceType},${region},${band}`

/** The lines under the header, in an order of their own. */
export const interruptionLines = (rows: readonly InterruptionRow[]): readonly string[] =>
  rows.map(lineOf).toSorted()

export const printInterruption = ({ observation, rows }: InterruptionList): string =>
  [
    `# ${observation.observedAt} ${observation.source}`,
    interruptionColumns,
    ...interruptionLines(rows),
    '',
  ].join('\n')

const seenLine = /^# (\S+) (.+)$/

/** Null stands for those that come with the program: their document is named in `catalogs/`. */
interface ReadInterruption {
  readonly observation: InterruptionList['observation'] | null
  readonly rows: readonly InterruptionRow[]
}

/** Throws `CatalogUnreadableError`, with what to do, where a line is not as it should be. */
export const parseInterruption = (text: string, file: string, hint: string): ReadInterruption => {
  const refuse = (why: string): CatalogUnreadableError =>
    new CatalogUnreadableError(`"${file}": ${why}`, { hint })
  const all = text.trimEnd().split('\n')
  const [, observedAt, source] = seenLine.exec(all[0] ?? '') ?? []
  const seen = observedAt !== undefined && source !== undefined ? { source, observedAt } : null
  const [header, ...lines] = seen === null ? all : all.slice(1)
  if (header !== interruptionColumns) throw refuse(`the header is not "${interruptionColumns}"`)
  const rows = lines.map((line): InterruptionRow => {
    const [instanceType, region, band] = line.split(',')
    if (!instanceType || !region || !band || !isInterruptionBand(band)) {
      throw refuse(`"${line}" is no band`)
    }
    return { instanceType, region, band }
  })
  return { observation: seen, rows }
}
