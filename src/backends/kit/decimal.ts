/** Decimals of any length, exactly: `digits` divided by ten to the power of `places`. */
export interface Decimal {
  readonly digits: bigint
  readonly places: number
}

const shape = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(?:e([+-]?\d{1,2}))?$/i

/** `1.0832`, `2.75e-8`; null for what is no decimal. */
export const readDecimal = (text: string): Decimal | null => {
  const [found, sign, whole = '', fraction = '', exponent = '0'] = shape.exec(text.trim()) ?? []
  if (found === undefined || whole + fraction === '') return null
  const digits = BigInt(`${whole}${fraction}`)
  const places = fraction.length - Number(exponent)
  const value = places < 0 ? digits * 10n ** BigInt(-places) : digits
  return { digits: sign === '-' ? -value : value, places: Math.max(0, places) }
}

export const timesDecimal = (left: Decimal, right: Decimal): Decimal => ({
  digits: left.digits * right.digits,
  places: left.places + right.places,
})

/** To the nearest whole of a unit that is ten to the power of `-unitPlaces`; halves away from zero. */
export const inUnits = ({ digits, places }: Decimal, unitPlaces: number): bigint => {
  const shift = unitPlaces - places
  if (shift >= 0) return digits * 10n ** BigInt(shift)
  const unit = 10n ** BigInt(-shift)
  const half = digits < 0n ? -unit / 2n : unit / 2n
  return (digits + half) / unit
}

/** One decimal divided by another above zero, cut off after so many places. */
export const overDecimal = (above: Decimal, below: Decimal, places: number): Decimal => ({
  digits:
    (above.digits * 10n ** BigInt(below.places + places)) /
    (below.digits * 10n ** BigInt(above.places)),
  places,
})

export const printDecimal = ({ digits, places }: Decimal): string => {
  const sign = digits < 0n ? '-' : ''
  const text = String(digits < 0n ? -digits : digits).padStart(places + 1, '0')
  const whole = text.slice(0, text.length - places)
  const fraction = text.slice(text.length - places).replace(/0+$/, '')
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`
}
