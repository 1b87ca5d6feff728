/** The spot advisor: a public document that tells how often machines were taken back. */
import type { ImportIo } from '#backends/kit/io'
import { readWire } from '#backends/kit/wire'
import { UpstreamInvalidError } from '#domain/errors'
import type { InterruptionBand, InterruptionList, InterruptionRow } from '#domain/interruption'
import { bandNumberOf, spotAdvice } from './schema.ts'

/** By the advisor's own label; its `max` is for drawing, and overlaps. */
const bandOfLabel: Readonly<Record<string, InterruptionBand>> = {
  '<5%': '0-5',
  '5-10%': '5-10',
  '10-15%': '10-15',
  '15-20%': '15-20',
  '>20%': '20-100',
}

const path = '/spot-advisor-data.json'

const invalid = (why: string): UpstreamInvalidError =>
  new UpstreamInvalidError(`spot advisor: ${why}`, {
    hint: 'the source may have changed its format; the bands that are held stay',
  })

/**
 * Pure. Of Linux; the advisor's savings are none of prices, and are not read. Throws
 * UpstreamInvalidError where a range or a row is not of the known shape: a band that is read wrong
 * would not show.
 */
export const interruptionRows = (document: unknown): readonly InterruptionRow[] => {
  const { ranges, spot_advisor: regions } = readWire(spotAdvice, document, 'spot advisor')
  const bands = new Map(
    ranges.map(({ index, label }) => {
      const band = bandOfLabel[label]
      if (band === undefined) throw invalid('a range has another label than known')
      return [index, band]
    }),
  )
  return Object.entries(regions).flatMap(([region, { Linux }]) =>
    Object.entries(Linux ?? {}).map(([instanceType, row]) => {
      const number = bandNumberOf(row)
      const band = number === null ? undefined : bands.get(number)
      if (band === undefined) throw invalid('a row names none of its ranges')
      if (!/^[\w.-]+$/.test(instanceType) || !/^[\w-]+$/.test(region)) {
        throw invalid('a row names no instance type or no region')
      }
      return { instanceType, region, band }
    }),
  )
}

/** Throws a KnownError where it does not come whole. */
export const fetchInterruption = async (io: ImportIo): Promise<InterruptionList> => {
  const rows = interruptionRows(await io.json({ host: 'advisor', path }))
  const { observedAt } = io.observation
  return { observation: { source: "AWS's spot advisor", observedAt }, rows }
}
