/** What is said where nothing matches: what was asked, and the least changes that give an offer. */
import { describeNearMiss } from './tables/why-report.ts'
import { printRelaxations } from './tables/why-relaxations.ts'
import { printCounted } from './tables/numbers.ts'
import type { Budget, Ranking } from '#api/cost'
import type { Why } from '#api/why'
import type { CommonFlags } from './flags.ts'
import type { OpenedCatalog } from './open-under-overlay.ts'
import type { Request } from './read-request.ts'
import { describeRequest } from './describe.ts'
import { exitCodes } from './exit-codes.ts'
import { overlayHeader, printHeader } from './header.ts'
import { lookOf, type Look } from './terminal.ts'
import { unseenBackends } from './unknown-names.ts'
import { whyOf } from './why-request.ts'
import type { World } from './world.ts'

/** Told without being asked. */
const shownRelaxations = 3

/** What was asked in vain. */
export interface AskedInVain {
  readonly request: Request
  readonly opened: OpenedCatalog
  readonly flags: CommonFlags & { readonly why?: boolean }
  /** Null is the default command, which has the options that help. */
  readonly command?: 'plan' | null
}

const nextStep = (why: Why, { request, flags, command }: AskedInVain): readonly string[] => {
  if (command === 'plan') {
    return [`dstack-offers ${request.subject?.file ?? '…'} --why tells what each filter leaves`]
  }
  if (why.relaxations.length === 0) return ['--why tells what each filter leaves']
  const write =
    request.subject === null
      ? '--relax 1 shows what the first change gives'
      : '--relax 1 --print-config writes the first change'
  return flags.why === true ? [write] : ['--why tells what each filter leaves', write]
}

/** The marketplace of dstack has a sentence of its own. */
const namesOf = (why: Why): readonly string[] => [
  ...why.nearMisses
    .filter(({ kind, name }) => kind !== 'backend' || name !== 'dstack')
    .map(describeNearMiss),
  ...unseenBackends(why.requirements),
]

const hints = (texts: readonly string[], { style }: Look): readonly string[] =>
  texts.map((text) => `${style.bold('hint:')} ${text}`)

const printNothing = (why: Why, asked: AskedInVain, look: Look): string =>
  [
    `${look.style.red('no offer matches')} (the catalog holds ${printCounted(why.total, 'offer')})`,
    printHeader([...describeRequest(asked.request), ...overlayHeader(asked.opened.overlaid)], look),
    ...hints(namesOf(why), look),
    '',
    printRelaxations(why, look),
    ...hints(nextStep(why, asked), look),
    '',
  ].join('\n')

/** `$1.42/day`: the least total of them, in the budget's own terms. */
const leastOf = async (
  budget: Budget,
  asked: AskedInVain,
  { environment }: World,
): Promise<string | null> => {
  const { rankRequest } = await import('./rank-request.ts')
  const { printRounded } = await import('./tables/cost-columns.ts')
  const { request, opened } = asked
  const flags = { rank: 'total' } as const
  const { offers } = rankRequest({ request, catalog: opened.catalog, flags, environment }, 1)
  const spending = offers[0]?.total.replica ?? null
  if (spending === null) return null
  const hours = budget.per === 'day' ? 24n : 1n
  const amount = budget.per === 'month' ? spending.month : spending.hour * hours
  return `$${printRounded(amount, 2)}/${budget.per}`
}

const printBeyond = async (
  ranking: Ranking,
  asked: AskedInVain,
  world: World,
  look: Look,
): Promise<string> => {
  const least = ranking.budget && (await leastOf(ranking.budget, asked, world))
  const count = printCounted(ranking.beyondBudget, 'offer')
  return [
    `${look.style.red('no offer fits the budget')} (${count} without it)`,
    ...hints(least === null ? [] : [`the least total is ${least} a replica`], look),
    '',
  ].join('\n')
}

export const writeNoOffers = async (
  { asked, ranking }: { readonly asked: AskedInVain; readonly ranking: Ranking | null },
  world: World,
): Promise<number> => {
  const look = lookOf('stderr', world, asked.flags.color)
  const text =
    ranking !== null && ranking.beyondBudget > 0
      ? await printBeyond(ranking, asked, world, look)
      : printNothing(whyOf(asked.request, asked.opened.catalog, shownRelaxations), asked, look)
  world.stderr.write(text)
  return exitCodes.noOffers
}
