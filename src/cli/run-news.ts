/** What has become known of a run since it was last told, line by line. */
import type { Attempt, Replica, Run, RunsHere } from '#api/runs'
import { printUsd } from '#domain/price'
import { visible } from './text-width.ts'

const priceOf = ({ offer: { priceNanoUsd } }: Attempt): string =>
  priceNanoUsd === null ? '?' : `$${printUsd(priceNanoUsd)}`

const placeOf = ({ offer }: Attempt): string =>
  [offer.backend, offer.region ?? '?', offer.instanceType.name].map(visible).join(' ')

const outcomeOf = (attempt: Attempt): string => {
  const { state, class: kind, message, startedMs, endedMs } = attempt
  const took = endedMs === null ? '' : ` (${((endedMs - startedMs) / 1000).toFixed(1)} s)`
  if (state === 'known') return `machine made${took}`
  if (state === 'failed') return `${kind ?? 'failed'}: ${visible(message ?? '?')}${took}`
  return state === 'unclear' ? 'unclear, finding out' : 'asking'
}

/** `attempt 2  aws us-east-1 p3.2xlarge  $3.06  no-capacity: … (0.2 s)` */
const printAttempt = (attempt: Attempt): string =>
  `attempt ${attempt.number}  ${placeOf(attempt)}  ${priceOf(attempt)}  ${outcomeOf(attempt)}`

const printReplica = ({ replica, status, reason, message }: Replica): string => {
  const why = [reason, message].filter((part) => part !== null).map(visible)
  return `replica ${replica}  ${status}${why.length > 0 ? `  ${why.join(': ')}` : ''}`
}

const printRun = ({ name, status, reason }: Run): string =>
  `${visible(name)}  ${status}${reason === null ? '' : `  ${reason}`}`

/** Each call gives the lines that are new. */
export const runNews = ({ store }: Pick<RunsHere, 'store'>, id: string) => {
  const told = new Map<string, string>()
  const news = (key: string, line: string): readonly string[] => {
    if (told.get(key) === line) return []
    told.set(key, line)
    return [line]
  }
  return (): readonly string[] => {
    const run = store.run(id)
    if (run === null) return []
    return [
      ...store.attempts(id).flatMap((one) => news(`attempt ${one.id}`, printAttempt(one))),
      ...store.replicas(id).flatMap((one) => news(`replica ${one.replica}`, printReplica(one))),
      ...news('run', printRun(run)),
    ]
  }
}
