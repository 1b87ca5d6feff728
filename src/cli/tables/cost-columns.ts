/** The columns that say what an offer costs in full. */
import {
  type CostedOffer,
  type NanoUsd,
  printNanoUsd,
  type RankBy,
  roundKey,
  type Ranking,
} from '#api/cost'
import type { Column } from './columns.ts'

const right = (heading: string, cells: readonly string[]): Column => ({
  heading,
  align: 'right',
  cells,
})

/** Digits after the point, with the last one rounded to nearest, halves up. */
export const printRounded = (nanoUsd: NanoUsd, decimals: 2 | 4): string => {
  const step = 10n ** BigInt(9 - decimals)
  const rounded = ((nanoUsd + step / 2n) / step) * step
  if (rounded === 0n && nanoUsd > 0n) return decimals === 4 ? '<0.0001' : '<0.01'
  const [whole, fraction = ''] = printNanoUsd(rounded).split('.')
  return `${whole}.${fraction.padEnd(decimals, '0')}`
}

/** `?` for what is unknown; `≥` before a sum in which a part is not counted. */
const sumCell = (amount: NanoUsd | null, complete: boolean, decimals: 2 | 4): string =>
  amount === null ? '?' : `${complete ? '' : '≥'}${printRounded(amount, decimals)}`

const rangeCell = (
  { total }: CostedOffer,
  pick: (spending: { readonly hour: NanoUsd; readonly month: NanoUsd }) => NanoUsd,
  decimals: 2 | 4,
): string => {
  if (total.least === null || total.most === null) return '?'
  const [least, most] = [pick(total.least), pick(total.most)].map((amount) =>
    printRounded(amount, decimals),
  )
  return `${total.complete ? '' : '≥'}${least === most ? least : `${least}..${most}`}`
}

/** Disk, total by hour and month, the run where its length is given, and the budget's replicas. */
export const costColumns = ({ offers, question, budget }: Ranking): readonly Column[] => [
  right(
    '$/H',
    offers.map(({ total }) => sumCell(total.compute?.hour ?? null, true, 4)),
  ),
  ...(question.diskMib === null ? [] : [right('DISK $/H', offers.map(diskCell))]),
  right(
    'TOTAL $/H',
    offers.map(({ total }) => sumCell(total.replica?.hour ?? null, total.complete, 4)),
  ),
  right(
    '$/MONTH',
    offers.map(({ total }) => sumCell(total.replica?.month ?? null, total.complete, 2)),
  ),
  ...(question.durationSeconds === null
    ? []
    : [
        right(
          '$/RUN',
          offers.map(({ total }) => sumCell(total.replica?.run ?? null, total.complete, 4)),
        ),
      ]),
  ...(isOneReplica(question.replicas) ? [] : replicaColumns(offers)),
  ...(budget === null ? [] : [right('FIT', offers.map(fitCell))]),
]

const isOneReplica = ({ min, max }: { readonly min: number; readonly max: number }): boolean =>
  min === 1 && max === 1

const replicaColumns = (offers: readonly CostedOffer[]): readonly Column[] => [
  right(
    'ALL $/H',
    offers.map((offer) => rangeCell(offer, ({ hour }) => hour, 2)),
  ),
  right(
    'ALL $/MONTH',
    offers.map((offer) => rangeCell(offer, ({ month }) => month, 2)),
  ),
]

const diskCell = ({ total: { disk } }: CostedOffer): string => {
  switch (disk.kind) {
    case 'not-asked':
      return '-'
    case 'included':
      return 'included'
    case 'not-counted':
      return 'not counted'
    case 'counted':
      return printRounded(disk.spending.hour, 4)
  }
}

const fitCell = ({ fit }: CostedOffer): string => {
  if (fit === null) return '?'
  return fit.replicas === Infinity ? 'any' : `${fit.atMost ? '≤' : ''}${fit.replicas}`
}

const keyHeadings: Readonly<Record<RankBy, string | null>> = {
  price: null,
  total: null,
  'gpu-hour': '$/GPU-H',
  vram: '$/GB-H',
  expected: 'EXPECTED $/H',
}

/** What the order goes by, where no other column says it. */
export const keyColumns = ({ by, offers }: Ranking): readonly Column[] => {
  const heading = keyHeadings[by]
  if (heading === null) return []
  const cells = offers.map(({ key }) => (key === null ? '?' : printRounded(roundKey(key), 4)))
  return by === 'expected'
    ? [right('INTERRUPTED', offers.map(riskCell)), right(heading, cells)]
    : [right(heading, cells)]
}

const riskCell = ({ risk }: CostedOffer): string => {
  switch (risk.kind) {
    case 'none':
      return '-'
    case 'unknown':
      return 'unknown risk'
    case 'band':
      return `${risk.band}%`
  }
}
