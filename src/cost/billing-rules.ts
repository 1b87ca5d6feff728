/** How long a run is billed: increments and minimums, as the clouds publish them. */
import type { Offer } from '#domain/offer'
import type { Reference } from './reference.ts'

export interface BillingRule extends Reference {
  /** A run is billed in whole multiples of this. */
  readonly quantumSeconds: number
  /** The least that is billed; null where none is published, and none is counted. */
  readonly minimumSeconds: number | null
  /** The least charge for a machine; null for none. */
  readonly minimumNanoUsd: number | null
}

interface RuleRow extends BillingRule {
  readonly backend: string
  /** Null concerns every offer of the backend. */
  readonly concerns: ((offer: Offer) => boolean) | null
}

const minute = 60
const hour = 3600

const rule = (
  backend: string,
  [quantumSeconds, minimumSeconds]: readonly [number, number | null],
  [source, asOf]: readonly [string, string],
  more: Partial<Pick<RuleRow, 'minimumNanoUsd' | 'concerns'>> = {},
): RuleRow => ({
  backend,
  quantumSeconds,
  minimumSeconds,
  minimumNanoUsd: null,
  concerns: null,
  source,
  asOf,
  ...more,
})

const hasGpu = (offer: Offer): boolean => offer.instanceType.gpu !== null

const rules: readonly RuleRow[] = [
  // Linux instances, on-demand and spot alike.
  rule(
    'aws',
    [1, minute],
    ['aws.amazon.com/about-aws/whats-new: Amazon EC2 per-second billing', '2017-10-02'],
  ),
  rule(
    'gcp',
    [1, minute],
    ['cloud.google.com/blog: extending per-second billing in Google Cloud', '2017-09-26'],
  ),
  // A run of less than five minutes is billed too since that day; no other minimum is published.
  rule(
    'azure',
    [1, null],
    ['learn.microsoft.com/answers/questions/2259765: notice on short runs of VMs', '2025-06-01'],
  ),
  rule(
    'digitalocean',
    [1, minute],
    ['docs.digitalocean.com/products/droplets/details/pricing', '2026-05-28'],
    { minimumNanoUsd: 10_000_000, concerns: (offer) => !hasGpu(offer) },
  ),
  rule('hyperstack', [minute, null], ['hyperstack.cloud/gpu-pricing', '2026-08-26']),
  rule(
    'dataoorts',
    [10 * minute, null],
    ['dataoorts.com/pricing, by tardellirs/gpu-pricing offerings.json@8f09a68', '2026-05-24'],
    { concerns: (offer) => /^nova-(b200|b300|gb300)-/.test(offer.instanceType.name) },
  ),
  rule('runpod', [1, null], ['docs.runpod.io/pods/pricing, runpod/docs@04313c1', '2026']),
  rule('vastai', [1, null], ['vast.ai/pricing', '2026-10-07']),
  rule(
    'scaleway',
    [minute, null],
    ['scaleway/docs-content pull request 5727: how Instances are billed', '2025-10-28'],
    { concerns: hasGpu },
  ),
  rule(
    'scaleway',
    [hour, null],
    ['scaleway/docs-content pull request 5727: how Instances are billed', '2025-10-28'],
    { concerns: (offer) => !hasGpu(offer) },
  ),
]

/** Null where no rule of the backend is known: a run is then counted by its own length. */
export const billingRuleOf = (offer: Offer): BillingRule | null =>
  rules.find(
    ({ backend, concerns }) => backend === offer.backend && (concerns === null || concerns(offer)),
  ) ?? null

/** The seconds that are billed for a run of `durationSeconds`; without a rule, its own length. */
export const billedSeconds = (rule: BillingRule | null, durationSeconds: number): number => {
  if (rule === null) return durationSeconds
  const whole = Math.ceil(durationSeconds / rule.quantumSeconds) * rule.quantumSeconds
  return Math.max(whole, rule.minimumSeconds ?? 0)
}
