/** The values of a rule, one by one. */
import { isDay } from '#platform/day'
import { unknownPrice } from '#catalog/tables'
import { parsePrice } from '#configuration/price'
import { numberOf, refusal, show, textOf, wholeNumber } from '#configuration/scalar'
import { microPercentPerPercent } from './discount.ts'

/** `12.5%`, `12.5`, `"12.5 %"`: above 0 and below 100, to a millionth of a percent. */
export const parseDiscount = (value: unknown): number => {
  const text = textOf(value)?.trim() ?? ''
  const [, whole = '', fraction = ''] = /^(\d*)(?:\.(\d*))?\s*%?$/.exec(text) ?? []
  if (whole + fraction === '') {
    throw refusal(`${show(value)} is no discount`, 'discounts are percent, such as 12.5%')
  }
  if (fraction.length > 6) throw refusal(`discount ${show(value)} has more than six decimals`)
  const microPercent = Number(whole) * microPercentPerPercent + Number(fraction.padEnd(6, '0'))
  if (microPercent === 0) throw refusal('a discount of 0 changes nothing', 'remove the rule')
  if (microPercent >= 100 * microPercentPerPercent) {
    throw refusal(
      `discount ${show(value)} leaves nothing of the price`,
      'use price for what it costs, or exclude: true',
    )
  }
  return microPercent
}

/** Dollars per instance-hour in nano-USD, within what a catalog holds. */
export const parseHourlyPrice = (value: unknown): number => {
  const price = parsePrice(value)
  if (price < unknownPrice) return price
  throw refusal(`price ${show(value)} is more than an instance can cost`)
}

/** A day, `2027-03-01`. */
export const parseDay = (value: unknown): string => {
  const text = textOf(value)
  if (text !== null && isDay(text)) return text
  throw refusal(`${show(value)} is no day`, 'days are written 2027-03-01')
}

export const parseWeight = (value: unknown): number => {
  const weight = typeof value === 'string' ? wholeNumber(value) : numberOf(value)
  if (weight !== null && Number.isSafeInteger(weight)) return weight
  throw refusal(
    `${show(value)} is no whole number`,
    'the heavier of two rules decides; 0 if unsaid',
  )
}

export const parseName = (value: unknown): string => {
  const text = textOf(value)?.trim() ?? ''
  if (text === '') throw refusal(`${show(value)} is no name`)
  return text
}
