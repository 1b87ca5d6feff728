/** What a launch would send, for eyes: secret values are starred out. */
import type { PlannedCall } from '#backends/kit/provisioner'
import type { Json } from '#domain/json'
import { machineName, type OwnerTags } from '#domain/launch'
import type { Offer } from '#domain/offer'
import { printInstant } from '#platform/http-time'
import { redact } from '#platform/redact'
import type { Hands } from '#runs/hands'
import { newId } from '#runs/ids'
import { expiryMs, ownerOf } from '#runs/owner'
import type { RunSpec } from '#runs/rows'

export interface PlannedLaunch {
  readonly offer: Offer
  /** Why this offer cannot be launched; null where it can. */
  readonly refusal: string | null
  readonly calls: readonly PlannedCall[]
}

const masked = (value: Json, secrets: readonly string[]): Json => {
  if (typeof value === 'string') return redact(value, secrets)
  if (Array.isArray(value)) return value.map((one: Json) => masked(one, secrets))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one, secrets)]))
}

/** The longest first: one secret may be a part of another. */
const secretsOf = ({ workload }: RunSpec, planned: readonly string[]): readonly string[] =>
  [...planned, workload?.registryAuth?.password ?? '']
    .filter((secret) => secret !== '')
    .toSorted((one, other) => other.length - one.length)

/** Nothing is sent, and nothing is written but the owner's id. */
export const plannedLaunch = async (
  hands: Hands,
  { name, spec }: { readonly name: string; readonly spec: RunSpec },
  offer: Offer,
): Promise<PlannedLaunch> => {
  const backend = await hands.backend(offer.backend)
  if (backend === null) return { offer, refusal: 'the backend cannot be used here', calls: [] }
  const nowMs = hands.clock.nowMs()
  const tags: OwnerTags = {
    owner: ownerOf(hands),
    run: name,
    attempt: newId(nowMs, hands.random),
    expiresAt: printInstant(nowMs + expiryMs),
  }
  const isVm = backend.provisioner.traits.runtime === 'vm'
  const machine = machineName(tags)
  const planned = backend.provisioner.plan(
    {
      tags,
      name: machine,
      replica: 0,
      maxPriceNanoUsd: spec.maxPriceNanoUsd,
      diskMib: spec.diskMib,
      workload: isVm ? null : spec.workload,
      access: isVm ? (hands.machines?.access(machine) ?? null) : null,
    },
    offer,
  )
  if ('refusal' in planned) return { offer, refusal: planned.refusal.message, calls: [] }
  const secrets = secretsOf(spec, planned.plan.secrets)
  const calls = planned.plan.calls.map(({ what, body }) => ({ what, body: masked(body, secrets) }))
  return { offer, refusal: null, calls }
}
