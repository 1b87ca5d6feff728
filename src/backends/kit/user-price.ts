/** What machines cost that nobody sells: what their user says, else nothing. */
import { parseUsd } from '#domain/price'
import type { Environment } from '#platform/environment'
import type { CloudIo } from './cloud-io.ts'
import type { Readiness } from './readiness.ts'

/** Words before the number: values are starred out of messages, and a bare 0 is in many. */
const prefix = 'nano-USD '

/** The readiness, and with it the price of a variable, in USD an hour. */
export const withUserPrice = (
  readiness: Readiness,
  environment: Environment,
  variable: string,
): Readiness => {
  if (readiness.status !== 'ready') return readiness
  const price = parseUsd(environment[variable]?.trim() || '0')
  if (price === null || price < 0) return { status: 'misconfigured', names: [variable] }
  return { status: 'ready', values: { ...readiness.values, price: `${prefix}${price}` } }
}

export const userPrice = ({ credentials }: CloudIo): number =>
  Number((credentials['price'] ?? '').replace(prefix, ''))
