/** What other currencies are worth in this refresh. Its source is asked once, and only when needed. */
import { endpointOf } from '#backends/kit/endpoint'
import type { ExchangeRate } from '#backends/kit/importer'
import { KnownError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import type { Environment } from '#platform/environment'
import type { HttpClient } from '#platform/http'
import type { HttpClock } from '#platform/http-time'
import { ecb, type EuroRates, readEuroRates, usdOf } from './euro-rates.ts'
import type { RatesFile } from './rates-file.ts'

interface Rates {
  readonly rate: (currency: string) => ExchangeRate | null
  /** What is to be said of them: that they are old, or why there are none. */
  readonly notes: readonly string[]
}

export interface RateSource {
  /** Never throws: without a rate, prices are unknown, and no backend fails for it. */
  ratesFor(currencies: readonly string[]): Promise<Rates>
}

interface RateOptions {
  readonly environment: Environment
  readonly http: HttpClient
  readonly clock: HttpClock
  readonly signal: AbortSignal
  readonly file: RatesFile
  readonly dryRun: boolean
}

const path = '/stats/eurofxref/eurofxref-daily.xml'

/** Backends wait for it, so it gets no longer, attempts and all. */
const longestMs = 30_000

/** Days between two publications are five at most, at Easter. */
const oldestDays = 7

const noRates: Rates = { rate: () => null, notes: [] }

const msPerDay = 24 * 60 * 60 * 1000

/** Whole days from the start of the day they hold for, in UTC. */
const ageDays = ({ day }: EuroRates, clock: HttpClock): number =>
  Math.floor((clock.nowMs() - (parseInstant(`${day}T00:00:00Z`) ?? 0)) / msPerDay)

const counted = (days: number): string => `${days} day${days === 1 ? '' : 's'}`

const ask = async ({ environment, http, signal }: RateOptions): Promise<EuroRates> => {
  const answer = await http.send({
    url: new URL(`${endpointOf(ecb, environment)}${path}`),
    headers: { accept: 'application/xml' },
    limit: { intervalMs: 0, atOnce: 1 },
    signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
  })
  return readEuroRates(answer.text)
}

const ratesOf = (rates: EuroRates, source: string, notes: readonly string[]): Rates => ({
  rate: (currency) => {
    const usd = usdOf(rates, currency)
    return usd === null ? null : { usd, day: rates.day, source }
  },
  notes,
})

const remembered = (why: string, { file, clock }: RateOptions): Rates => {
  const rates = file.read()
  const days = rates === null ? null : ageDays(rates, clock)
  if (rates === null || days === null || days > oldestDays) {
    const none = days === null ? 'none are remembered' : `those remembered are ${counted(days)} old`
    return {
      ...noRates,
      notes: [
        `no euro rates (${why}; ${none}): prices in other currencies than dollars are unknown`,
      ],
    }
  }
  const age = `${counted(days)} old`
  return ratesOf(rates, `ECB (${age})`, [`euro rates of ${rates.day} are used, ${age} (${why})`])
}

const fetchRates = async (options: RateOptions): Promise<Rates> => {
  try {
    const rates = await ask(options)
    const days = ageDays(rates, options.clock)
    if (days > oldestDays) return remembered(`ECB's are ${counted(days)} old`, options)
    if (!options.dryRun) options.file.write(rates)
    return ratesOf(rates, 'ECB', [])
  } catch (error) {
    return remembered(error instanceof KnownError ? error.message : 'ECB did not answer', options)
  }
}

export const newRateSource = (options: RateOptions): RateSource => {
  let asked: Promise<Rates> | null = null
  return {
    ratesFor: async (currencies) => {
      if (currencies.length === 0) return noRates
      asked ??= fetchRates(options)
      return asked
    },
  }
}
