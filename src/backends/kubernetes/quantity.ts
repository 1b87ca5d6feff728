/** Kubernetes' quantities: `7910m`, `340Gi`, `2`, `1e3`. */

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

/** Null where it is none. */
export const parseQuantity = (text: string): number | null => {
  const match = /^(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,2})|(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?)$/.exec(
    text,
  )
  if (match === null) return null
  const [, digits = '', exponent, unit = ''] = match
  return Number(digits) * (exponent === undefined ? (factors[unit] ?? 1) : 10 ** Number(exponent))
}
