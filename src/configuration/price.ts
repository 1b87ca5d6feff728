import { parseUsd } from '#domain/price'
import { refusal, show, textOf } from './scalar.ts'

/** A price per instance-hour in nano-USD: `1.5`, `"1.5"`; above 0. */
export const parsePrice = (value: unknown): number => {
  const text = textOf(value)
  const price = text === null ? null : parseUsd(text)
  if (price === null) {
    const bare = /^\s*\$\s*([\d.]+)\s*$/.exec(text ?? '')?.[1]
    throw refusal(
      `${show(value)} is no price`,
      bare === undefined ? 'prices are dollars per hour, such as 1.5' : `write ${bare}`,
    )
  }
  if (price <= 0) throw refusal(`price ${show(value)} is not above 0`)
  return price
}
