/** Which regions of the price list are read. */
import type { Reject } from '#backends/kit/importer'

/** `us-east-1`, not `us-gov-west-1`, `us-west-2-lax-1` or `us-east-1-wl1-bos-wlz-1`. */
const plainRegion = /^[a-z]{2}-[a-z]+-\d+$/

const problemOf = (region: string, enabled: ReadonlySet<string> | null): string | null => {
  if (region.startsWith('cn-')) return 'China: another partition, priced in yuan'
  if (/^(us-gov|us-iso|eu-iso|eusc)/.test(region)) return 'another partition of the cloud'
  if (!plainRegion.test(region)) return 'local or wavelength zone'
  return enabled === null || enabled.has(region) ? null : 'region not enabled for the account'
}

export interface ChosenRegions {
  readonly regions: readonly string[]
  readonly skipped: readonly Reject[]
}

/** `enabled` are those of the account; null where no account is known. */
export const chooseRegions = (
  listed: readonly string[],
  enabled: ReadonlySet<string> | null,
): ChosenRegions => {
  const regions: string[] = []
  const skipped: Reject[] = []
  for (const region of listed) {
    const reason = problemOf(region, enabled)
    if (reason === null) regions.push(region)
    else skipped.push({ reason, row: region })
  }
  return { regions, skipped }
}
