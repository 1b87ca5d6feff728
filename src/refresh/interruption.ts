/** The bands of interruption beside the catalog: replaced by a refresh, where what came can be believed. */
import type { Importer } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import {
  embeddedInterruptionPath,
  interruptionLines,
  parseInterruption,
  printInterruption,
  userInterruptionPath,
} from '#catalog/interruption-file'
import { CatalogUnreadableError, KnownError } from '#domain/errors'
import type { InterruptionList, InterruptionRow } from '#domain/interruption'
import { parseInstant } from '#platform/clock'
import { makeAside } from '#platform/derived-files'
import type { Environment } from '#platform/environment'
import { readTextFile, writeTextFile } from '#platform/text-files'
import { orUnwritable } from './catalog-file.ts'

type Held = ReturnType<typeof parseInterruption>

const none: Held = { observation: null, rows: [] }

/** A file that cannot be read is replaced by the next that comes. */
const readHeld = (path: string): Held => {
  try {
    const text = readTextFile(path)
    return text === null ? none : parseInterruption(text, path, '')
  } catch (error) {
    if (error instanceof CatalogUnreadableError) return none
    throw error
  }
}

const keyOf = ({ instanceType, region }: InterruptionRow): string => `${instanceType} ${region}`

/** Share of the rows held that may be gone. */
const mostLost = 0.2

const doubt = (held: readonly InterruptionRow[], fresh: readonly InterruptionRow[]) => {
  if (fresh.length === 0) return 'none came'
  const keys = new Set(fresh.map(keyOf))
  const lost = held.filter((row) => !keys.has(keyOf(row))).length / Math.max(1, held.length)
  return lost > mostLost ? `${Math.round(lost * 100)} % of those held are gone` : null
}

/** The date is renewed once a day: nothing unchanged is written each hour. */
const msPerDay = 24 * 60 * 60 * 1000

const isFresh = ({ observation }: Held, now: string): boolean =>
  observation !== null &&
  Math.abs((parseInstant(now) ?? 0) - (parseInstant(observation.observedAt) ?? 0)) < msPerDay

const hasSame = (held: Held, { rows }: InterruptionList): boolean => {
  const [before, after] = [interruptionLines(held.rows), interruptionLines(rows)]
  return before.length === after.length && before.every((line, at) => line === after[at])
}

interface Keeping {
  readonly environment: Environment
  readonly dryRun: boolean
  /** Takes them however they differ from those held. */
  readonly force: boolean
}

/**
 * What is to be said: nothing where they are current. Prices do not depend on them, and no backend
 * fails for them. Throws only for bugs.
 */
export const refreshInterruption = async (
  { fetchInterruption }: Pick<Importer, 'fetchInterruption'>,
  io: ImportIo,
  { environment, dryRun, force }: Keeping,
): Promise<readonly string[]> => {
  if (fetchInterruption === undefined) return []
  try {
    const fresh = await fetchInterruption(io)
    const path = userInterruptionPath(environment)
    const own = readHeld(path)
    const before = own.rows.length > 0 ? own : readHeld(embeddedInterruptionPath())
    const why = force ? null : doubt(before.rows, fresh.rows)
    if (why !== null) return [`bands of interruption stay as they were: ${why}`]
    const isCurrent = isFresh(own, fresh.observation.observedAt) && hasSame(own, fresh)
    if (dryRun || isCurrent) return []
    orUnwritable(path, () =>
      makeAside(path, (aside) => writeTextFile(aside, printInterruption(fresh))),
    )
    return []
  } catch (error) {
    if (error instanceof KnownError) {
      return [`bands of interruption stay as they were: ${error.message}`]
    }
    throw error
  }
}
