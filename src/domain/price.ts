/**
 * Money. Prices are integer nano-USD (1e-9 USD) per whole instance-hour: exact for the sums clouds
 * bill by, and a safe JavaScript number up to nine million dollars an hour.
 */
export const nanoPerUsd = 1_000_000_000

/**
 * A decimal string (`"1.0060000000"`, `"2e-7"`) in nano-USD; null when it is no finite decimal.
 * Digits beyond the ninth are cut, not rounded, so a price limit is never raised by parsing it.
 */
export const parseUsd = (text: string): number | null => {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text.trim())
  if (!match) return null
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return null
  const shift = Number(exponent) + 9
  const digits = whole + fraction
  const point = whole.length + shift
  const kept = point <= 0 ? '' : digits.slice(0, point).padEnd(Math.min(point, 40), '0')
  const nano = Number(kept || '0')
  if (!Number.isSafeInteger(nano)) return null
  return sign === '-' && nano !== 0 ? -nano : nano
}

/** The exact decimal string of a price, without trailing zeros: `1.006`, `0.0052`, `12`. */
export const printUsd = (nanoUsd: number): string => {
  const sign = nanoUsd < 0 ? '-' : ''
  const absolute = Math.abs(nanoUsd)
  const whole = Math.floor(absolute / nanoPerUsd)
  const fraction = String(absolute % nanoPerUsd)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}
