/** Replaying the history at any generation gives the catalog that was written then. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { shelvedBackends } from '#catalog/shelf'
import type { Offer } from '#domain/offer'
import { openWritableHistoryFile } from '#history/database'
import { lastGenerations } from '#history/generations'
import { backendOffersAt } from '#history/held'
import { pruneHistory } from '#history/prune'
import { beginGeneration, endGeneration } from '#history/record'
import type { Sqlite } from '#platform/sqlite'
import { someOffers } from '../generators.ts'
import { type Random, seeded } from '../random.ts'
import { seenAt } from './journal.ts'

const sequences = Number(process.env['HISTORY_SEQUENCES'] ?? '500')

let catalog: Sqlite
let history: Sqlite
const open = (): void => {
  catalog = openWritableCatalogFile(':memory:')
  history = openWritableHistoryFile(':memory:')
}
const close = (): void => {
  catalog.close()
  history.close()
}
beforeEach(open)
afterEach(close)

/** Mostly prices and stock; sometimes offers come, go and come back, and a machine changes. */
const mutate = (random: Random, before: readonly Offer[], pool: readonly Offer[]): Offer[] => {
  const grown = random.chance(0.1)
  const after = new Map(before.map((offer) => [offer.id, offer]))
  for (const offer of pool) {
    if (random.chance(0.15)) after.set(offer.id, offer)
    if (random.chance(0.15)) after.delete(offer.id)
  }
  const types = new Map(pool.map(({ id, instanceType }) => [id, instanceType]))
  return [...after.values()].map((offer) => {
    const type = types.get(offer.id) ?? offer.instanceType
    const instanceType = grown ? { ...type, memoryMib: type.memoryMib + 1024 } : type
    const priceNanoUsd = random.chance(0.1) ? null : random.int(1, 9) * 100_000_000
    return { ...offer, instanceType, ...(random.chance(0.3) ? { priceNanoUsd } : {}) }
  })
}

interface Written {
  readonly backend: string
  readonly at: number
  readonly digest: string
}

const write = (offers: readonly Offer[], backend: string, at: number): Written => {
  const instant = `${new Date(at * 1000).toISOString().slice(0, 19)}Z`
  const replacement = { backend, offers: seenAt(instant, offers), notes: [`note ${at % 3}`] }
  replaceBackend(catalog, replacement)
  const digest = shelvedBackends(catalog).find(({ name }) => name === backend)?.digest ?? ''
  const id = beginGeneration(history, { backend, recordedAt: at, digest })
  endGeneration(history, id, replacement)
  return { backend, at, digest }
}

const digestOf = (written: Written): string => {
  const generation = lastGenerations(history, written.at).find(
    ({ backend }) => backend === written.backend,
  )
  if (generation === undefined) throw new Error(`nothing of ${written.backend} by ${written.at}`)
  const replayed = openWritableCatalogFile(':memory:')
  replaceBackend(replayed, backendOffersAt(history, generation))
  const digest = shelvedBackends(replayed)[0]?.digest ?? ''
  replayed.close()
  return digest
}

/** Offers of a backend, one machine per name. */
const poolOf = (random: Random, backend: string, count: number): readonly Offer[] => {
  const types = new Map<string, Offer['instanceType']>()
  const offers = someOffers(random, count).map((offer) => {
    const { name } = offer.instanceType
    const instanceType = types.get(name) ?? offer.instanceType
    types.set(name, instanceType)
    return { ...offer, backend, instanceType, id: offer.id.replace(/^[^/]+/, backend) }
  })
  return [...new Map(offers.map((offer) => [offer.id, offer])).values()]
}

const names = ['aws', 'vastai'] as const

const sequence = (random: Random, steps: number, count: number): readonly Written[] => {
  const held = new Map<string, readonly Offer[]>()
  const pools = new Map(names.map((name) => [name, poolOf(random, name, count)]))
  return Array.from({ length: steps }, (_, index) => {
    const backend = random.pick(names)
    const offers = mutate(random, held.get(backend) ?? [], pools.get(backend) ?? [])
    held.set(backend, offers)
    return write(offers, backend, 1_790_000_000 + index * 3600)
  })
}

test('a hundred replacements of two backends, each replayed, before and after pruning', () => {
  const written = sequence(seeded(7), 100, 60)
  expect(new Set(written.map(({ digest }) => digest)).size).toBeGreaterThan(90)
  for (const one of written) expect(digestOf(one)).toBe(one.digest)

  // After pruning, what held at that moment and all that came later is as it was.
  const middle = written[50]?.at ?? 0
  const pruned = pruneHistory(history, middle, { dryRun: false })
  expect(pruned.changes[1]).toBeLessThan(pruned.changes[0])
  for (const one of written.filter(({ at }) => at >= middle)) {
    expect(digestOf(one)).toBe(one.digest)
  }
  const first = written[0]
  expect(first && lastGenerations(history, first.at)).toEqual([])
})

test(`${sequences} random sequences, every generation replayed`, { timeout: 240_000 }, () => {
  for (let seed = 0; seed < sequences; seed++) {
    const written = sequence(seeded(seed), 4, 8)
    for (const one of written) expect([seed, digestOf(one)]).toEqual([seed, one.digest])
    close()
    open()
  }
})
