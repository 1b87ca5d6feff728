import { numberOf, refusal, show, wholeNumber } from './scalar.ts'

const architectures = /^(arm|arm64|aarch64|x86|x86_64|amd64):?(.*)$/i

const hintFor = (value: unknown): string | undefined => {
  const later = typeof value === 'string' ? architectures.exec(value.replaceAll(' ', '')) : null
  if (!later) return undefined
  const rest = later[2] === undefined || later[2] === '' ? 'a number' : `"${later[2]}"`
  return `architectures belong to a later dstack; 0.18 takes ${rest}`
}

/** A whole number of things, 0 or more: `4`, `"4"`. */
export const parseCount = (value: unknown): number => {
  const number = typeof value === 'string' ? wholeNumber(value) : numberOf(value)
  if (number === null || !Number.isSafeInteger(number))
    throw refusal(`${show(value)} is no whole number`, hintFor(value))
  if (number < 0) throw refusal(`${show(value)} is less than 0`)
  return number
}
