import type { Requirements } from '#domain/requirements'
import { type Offer, offerId } from '#domain/offer'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { idleMatches } from '#runs/pool'
import type { Instance } from '#runs/rows'
import { type Chapter, needed, skipped, type VectorResult } from './chapter.ts'
import { attempt, idOf, judge, tierSkip, vectorsOf } from './compare.ts'
import { type Json, list, record, records, text } from './json.ts'
import { capabilitiesOf } from './offer-catalog.ts'
import { itemOf, requirementsOf, rowsOf } from './offers-vectors.ts'

/** A machine that no catalog describes: nothing is known of it, so it meets no demand. */
const undescribed: Offer = {
  id: offerId('ssh', null, 'undescribed', false),
  backend: 'ssh',
  region: null,
  instanceType: {
    name: 'undescribed',
    cpus: 0,
    memoryMib: 0,
    gpu: null,
    gpuCount: 0,
    diskMib: 0,
    architecture: null,
  },
  spot: false,
  priceNanoUsd: null,
  stock: 'unknown',
  observation: { source: 'vectors', observedAt: '2024-04-30T00:00:00Z' },
}

const statusOf = (status: unknown): Instance['status'] =>
  status === 'idle' || status === 'busy' ? status : 'provisioning'

const machineOf = (machine: Json, offers: ReadonlyMap<number, Offer>): Instance => {
  const offer = offers.get(Number(machine['catalog_id'])) ?? undescribed
  const nothing = { reason: null, runId: null, replica: null, idleSeconds: null, endedMs: null }
  const addresses = { serviceHost: null, servicePort: null, sshHost: null, sshPort: null }
  return {
    ...nothing,
    ...addresses,
    id: text(machine['name']),
    name: text(machine['name']),
    backend: offer.backend,
    refId: text(machine['name']),
    region: offer.region,
    zone: null,
    status: statusOf(machine['status']),
    pool: 'default-pool',
    offer,
    rateNanoUsd: null,
    createdMs: 0,
    idleSinceMs: 0,
    seenMs: null,
    expiresMs: Infinity,
  }
}

/** The machines of the file, described by its catalog. */
export const poolOf = (file: unknown, csv: string, gpus: string): readonly Instance[] => {
  const capabilities = capabilitiesOf(record(JSON.parse(gpus))['seed_time'])
  const items = rowsOf(csv).map((row) => itemOf(row, capabilities))
  const offers = new Map(items.map(({ id, offer }) => [id, offer]))
  return records(record(file)['pool']).map((machine) => machineOf(machine, offers))
}

const meets = (requirements: Requirements) => {
  const constraints = lower(requirements)
  return (offer: Offer): boolean => matches(constraints, offer)
}

/** Names of the idle machines that would do, the one that is taken first. */
export const namesOf = (pool: readonly Instance[], vector: Json): readonly string[] => {
  const { instance_name: named = null, ...profile } = record(vector['profile'])
  const requirements = requirementsOf({ ...vector, profile })
  return idleMatches(pool, {
    pool: 'default-pool',
    instanceName: named === null ? null : text(named),
    maxPriceNanoUsd: requirements.maxPriceNanoUsd,
    matches: meets(requirements),
  }).map(({ name }) => name)
}

const run = (vector: Json, pool: readonly Instance[]): VectorResult => {
  const id = idOf(vector)
  const skip = tierSkip(vector)
  if (skip !== null) return skipped(id, skip)
  const idle = list(vector['idle_matches']).map(text).toSorted()
  return judge(
    id,
    { value: { idle, picked: vector['picked'] } },
    attempt(() => {
      const names = namesOf(pool, vector)
      return { idle: names.toSorted(), picked: names[0] ?? null }
    }),
  )
}

/** Which machine of a pool a replica takes. Most of them are decided: our rules are stricter. */
export const poolVectors: Chapter = {
  file: 'pool_vectors.json',
  needs: ['catalog.csv', 'gpus.json'],
  *run(file, needs) {
    const pool = poolOf(file, needed(needs, 'catalog.csv'), needed(needs, 'gpus.json'))
    for (const vector of vectorsOf(file)) yield run(vector, pool)
  },
}
