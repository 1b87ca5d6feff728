/** A ten-thousandth of a dollar: the finest step the column shows. */
const nanoUsdPerStep = 100_000

const printSteps = (priceNanoUsd: number | null): string => {
  if (priceNanoUsd === null) return '?'
  const steps = Math.round(priceNanoUsd / nanoUsdPerStep)
  if (steps === 0 && priceNanoUsd > 0) return '<0.0001'
  return `${Math.floor(steps / 10_000)}.${String(steps % 10_000).padStart(4, '0')}`
}

const zerosAtEnd = (text: string): number => /0*$/.exec(text)?.[0].length ?? 0

/**
 * Prices in dollars, all with the same number of decimals: four, or as few as lose nothing that four
 * would show, but two at least. `?` is an unknown price, never 0.
 */
export const printPrices = (pricesNanoUsd: readonly (number | null)[]): readonly string[] => {
  const texts = pricesNanoUsd.map(printSteps)
  let spare = 2
  for (const text of texts) if (text !== '?') spare = Math.min(spare, zerosAtEnd(text))
  return texts.map((text) => (text === '?' || spare === 0 ? text : text.slice(0, -spare)))
}
