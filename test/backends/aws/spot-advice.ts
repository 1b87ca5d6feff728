/** The spot advisor's document, in small: made by hand in the shape of the recorded one. */

import { readFileSync } from 'node:fs'
import { parseInterruption } from '#catalog/interruption-file'
import { interruptionBands } from '#domain/interruption'

/** The number of its range by region and type, of Linux. */
export type Advice = Readonly<Record<string, Readonly<Record<string, number>>>>

const labels = ['<5%', '5-10%', '10-15%', '15-20%', '>20%']

export const aDocument = (advice: Advice) => ({
  instance_types: { 'm5.large': { emr: true, cores: 2, ram_gb: 8 } },
  ranges: labels.map((label, index) => ({
    index,
    label,
    dots: index,
    max: [5, 11, 16, 22, 100][index],
  })),
  spot_advisor: Object.fromEntries(
    Object.entries(advice).map(([region, types]) => [
      region,
      {
        Linux: Object.fromEntries(Object.entries(types).map(([type, r]) => [type, { s: 70, r }])),
        Windows: { 'm5.large': { s: 40, r: 4 } },
      },
    ]),
  ),
  global_rate: '<10%',
})

/** All that comes with the program, as the advisor would tell it. */
export const embeddedAdvice = () => {
  const text = readFileSync('catalogs/aws/interruption.csv', 'utf8')
  const advice: Record<string, Record<string, number>> = {}
  for (const { region, instanceType, band } of parseInterruption(text, 'bands', '').rows) {
    const types = (advice[region] ??= {})
    types[instanceType] = interruptionBands.indexOf(band)
  }
  return aDocument(advice)
}
