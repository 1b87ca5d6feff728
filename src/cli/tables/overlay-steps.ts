/** How an offer's price came about, for the account of one offer. */
import type { OverlayStep } from '#api/overlay'
import { visible } from '#cli/text-width'
import { printUsd } from '#domain/price'
import { printAction } from './overlay-marks.ts'

const before = (priceNanoUsd: number | null): string =>
  priceNanoUsd === null ? 'price unknown' : `$${printUsd(priceNanoUsd)}/h`

const printStep = (step: OverlayStep): string => {
  const file = visible(step.file)
  if (step.rule === null) {
    return step.basePriceNanoUsd === null
      ? `own offer of ${file}`
      : `own offer of ${file}, in place of ${before(step.basePriceNanoUsd)} in the catalog`
  }
  const by = `rule "${visible(step.rule)}" of ${file}`
  if (step.action.kind === 'exclude') return `excluded by ${by}`
  const after = step.priceNanoUsd === null ? '?' : `$${printUsd(step.priceNanoUsd)}/h`
  const base = `${before(step.basePriceNanoUsd)} in the catalog`
  return step.action.kind === 'discount'
    ? `${base}, ${printAction(step.action)} by ${by}: ${after}`
    : `${base}, ${after} by ${by}`
}

/** A line per step; none for an offer that is as the catalog has it. */
export const printOverlaySteps = (steps: readonly OverlayStep[]): readonly string[] =>
  steps.map(printStep)
