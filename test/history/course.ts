/** A record of a few weeks, for transcripts: it ends a day before their noon, 2026-01-15. */
import type { Offer } from '#domain/offer'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'
import { type Journal, newJournal } from './journal.ts'

const eight = anInstanceType({ name: 'p4de.24xlarge', cpus: 96, gpu: aGpu(), gpuCount: 8 })
const ask = anInstanceType({ name: '31415926', cpus: 32, gpu: aGpu(), gpuCount: 1 })
const small = anInstanceType({ name: 'm5.xlarge', cpus: 4, memoryMib: 16 * 1024 })

const usd = (amount: number | null): number | null =>
  amount === null ? null : Math.round(amount * 1e9)

const aws = (large: number, spot: number, medium: number | null): readonly Offer[] => [
  anOffer({ instanceType: eight, priceNanoUsd: usd(large) }),
  anOffer({ instanceType: eight, spot: true, priceNanoUsd: usd(spot) }),
  ...(medium === null ? [] : [anOffer({ instanceType: small, priceNanoUsd: usd(medium) })]),
]

const vastai = (amount: number | null, region: string): Offer =>
  anOffer({ backend: 'vastai', instanceType: ask, region, priceNanoUsd: usd(amount) })

export const newCourse = (): Journal => {
  const journal = newJournal()
  journal.put('2025-12-20T10:00:00Z', aws(40.9657, 12, 0.192))
  journal.put('2026-01-05T10:00:00Z', aws(40.9657, 15.5, 0.192))
  journal.put('2026-01-06T10:00:00Z', [vastai(0.9, 'US'), vastai(1.1, 'DE')])
  journal.put('2026-01-12T10:00:00Z', aws(27.447, 14.25, null))
  journal.put('2026-01-14T09:00:00Z', [vastai(null, 'US'), vastai(1.2, 'SE')])
  return journal
}
