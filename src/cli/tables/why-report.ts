import type { NearMiss, Why } from '#api/why'
import type { Style } from '#cli/style'
import { visible } from '#cli/text-width'
import { printCount, printCounted } from './numbers.ts'
import { printRelaxations } from './why-relaxations.ts'
import { printWaterfall } from './why-waterfall.ts'

interface WhyLook {
  readonly style: Style
  /** Null for no limit. */
  readonly width: number | null
}

const kinds: Readonly<Record<NearMiss['kind'], string>> = {
  gpu: 'GPU',
  backend: 'backend',
  region: 'region',
  'instance-type': 'instance type',
}

/** `no such region in any catalog: "eu-wst-1"; nearest: eu-west-1`. */
export const describeNearMiss = ({ kind, name, nearest }: NearMiss): string =>
  `no such ${kinds[kind]} in any catalog: "${visible(name)}"${nearest === null ? '' : `; nearest: ${visible(nearest)}`}`

const matchedLine = ({ matched, total }: Why): string =>
  matched === 0
    ? `No offer matches, of ${printCounted(total, 'offer')}.`
    : `${printCount(matched)} of ${printCounted(total, 'offer')} ${matched === 1 ? 'matches' : 'match'}.`

/** Why so few offers match, for a person; it ends without a line end. */
export const printWhy = (why: Why, look: WhyLook): string =>
  [
    [matchedLine(why), ...why.nearMisses.map(describeNearMiss)].join('\n'),
    ...(why.steps.length === 0 ? [] : [printWaterfall(why, look)]),
    ...(why.steps.length === 0 ? [] : [printRelaxations(why, look)]),
  ].join('\n\n')
