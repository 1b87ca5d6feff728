import { ArgumentError } from '#domain/errors'

/** The value of `-n`: how many offers are shown; 0 for all. */
export const parseLimit = (value: string): number => {
  if (!/^\d{1,9}$/.test(value)) {
    throw new ArgumentError(`--max-offers "${value}" is no number of offers`, {
      hint: 'a whole number, such as 20; 0 shows all',
    })
  }
  return Number(value)
}
