/** The daily reference rates of the European Central Bank, as it publishes them. Pure. */
import { type Decimal, overDecimal, printDecimal, readDecimal } from '#backends/kit/decimal'
import { UpstreamInvalidError } from '#domain/errors'
import { isDay } from '#platform/day'

/** No backend, and yet a source whose address may be set as theirs. */
export const ecb = { name: 'ecb', endpoint: 'https://www.ecb.europa.eu' }

export interface EuroRates {
  /** The day they hold for, as YYYY-MM-DD. */
  readonly day: string
  /** By currency, what one euro is worth in it, as published. */
  readonly perEuro: Readonly<Record<string, string>>
}

const dayInXml = /<Cube\s+time=["'](\d{4}-\d\d-\d\d)["']\s*>/g
const rateInXml = /<Cube\s+currency=["']([A-Z]{3})["']\s+rate=["']([\d.]+)["']\s*\/>/g

const positiveOf = (text: string | undefined): Decimal | null => {
  const decimal = text === undefined ? null : readDecimal(text)
  return decimal !== null && decimal.digits > 0n ? decimal : null
}

/** Throws UpstreamInvalidError for what are not the rates of one day, the dollar's among them. */
export const readEuroRates = (xml: string): EuroRates => {
  const days = [...xml.matchAll(dayInXml)].map(([, day = '']) => day)
  const perEuro: Record<string, string> = {}
  for (const [, currency = '', rate = ''] of xml.matchAll(rateInXml)) perEuro[currency] = rate
  const [day = ''] = days
  if (days.length !== 1 || !isDay(day) || positiveOf(perEuro['USD']) === null) {
    throw new UpstreamInvalidError('the answer holds no euro rates of one day')
  }
  return { day, perEuro }
}

/** Decimals of a rate that goes by way of the euro; what comes after is cut off. */
const crossPlaces = 10

/**
 * Dollars for one unit of a currency: the published rate for the euro, else the dollar's rate
 * divided by the currency's own. Null where it has none.
 */
export const usdOf = ({ perEuro }: EuroRates, currency: string): string | null => {
  const dollar = positiveOf(perEuro['USD'])
  if (dollar === null) return null
  if (currency === 'EUR') return printDecimal(dollar)
  const own = positiveOf(perEuro[currency])
  return own === null ? null : printDecimal(overDecimal(dollar, own, crossPlaces))
}
