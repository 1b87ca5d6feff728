/** What stands under a table of costs: what is counted, from where, and what is not. */
import type { CostedOffer, Ranking, Reference } from '#api/cost'
import { visible } from '#cli/text-width'
import { printCounted } from './numbers.ts'

export const printCostNotes = (ranking: Ranking): readonly string[] => [
  'A month is 730 hours.',
  ...diskNotes(ranking),
  ...runNotes(ranking),
  ...lackingNote(ranking),
  ...budgetNote(ranking),
  ...expectedNotes(ranking),
]

const cited = ({ source, asOf }: Reference): string => `${source}, ${asOf}`

const unique = (lines: Iterable<string>): readonly string[] => [...new Set(lines)]

const backendsOf = (offers: readonly CostedOffer[]): string =>
  unique(offers.map(({ offer }) => visible(offer.backend))).join(', ')

const diskNotes = ({ offers }: Ranking): readonly string[] => {
  const counted = offers.flatMap(({ offer, total: { disk } }) =>
    disk.kind === 'counted'
      ? [
          `Disk on ${offer.backend}: ${disk.sizeGb} GB of ${disk.rate.product} (${cited(disk.rate)}).`,
        ]
      : [],
  )
  const without = offers.filter(({ total }) => total.disk.kind === 'not-counted')
  return [
    ...unique(counted),
    ...(without.length === 0
      ? []
      : [`Disk not counted, no published rate: ${backendsOf(without)}.`]),
  ]
}

const runNotes = ({ offers, question }: Ranking): readonly string[] => {
  if (question.durationSeconds === null) return []
  const ruled = offers.flatMap(({ offer, total: { billing } }) => {
    if (billing === null) return []
    const { quantumSeconds, minimumSeconds } = billing
    const least = minimumSeconds === null ? '' : `, at least ${minimumSeconds} s`
    return [`Billed on ${offer.backend} by ${quantumSeconds} s${least} (${cited(billing)}).`]
  })
  const without = offers.filter(({ total }) => total.billing === null)
  return [
    ...unique(ruled),
    ...(without.length === 0
      ? []
      : [`Billing increments not known, runs counted as they are: ${backendsOf(without)}.`]),
  ]
}

const lacks: Readonly<Record<Ranking['by'], string>> = {
  price: 'a known price',
  total: 'a total that is counted whole',
  'gpu-hour': 'accelerators or a known price',
  vram: 'accelerators or a known price',
  expected: 'a known price and risk',
}

const lackingNote = ({ by, lacking }: Ranking): readonly string[] =>
  lacking === 0 ? [] : [`Ranked last, without ${lacks[by]}: ${printCounted(lacking, 'offer')}.`]

const budgetNote = ({ budget, beyondBudget }: Ranking): readonly string[] =>
  budget === null
    ? []
    : [`Left out, beyond the budget or of unknown price: ${printCounted(beyondBudget, 'offer')}.`]

const expectedNotes = ({ by, question, bandsSeenOn }: Ranking): readonly string[] =>
  by === 'expected'
    ? [
        `Expected is price / (1 - interruptions a month × hours lost by each / 730), at the middle of the band; ${
          question.durationSeconds === null
            ? 'an interruption loses one hour.'
            : 'an interruption loses half of the run.'
        }`,
        ...(bandsSeenOn === null ? [] : [`Bands are those of AWS's spot advisor, ${bandsSeenOn}.`]),
      ]
    : []
