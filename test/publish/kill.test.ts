/** SIGKILL at many moments of an export and of a pull: what there is, is the old or the new. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newPrivateKey, signerOf } from '#platform/signing'
import type { Offer } from '#domain/offer'
import { sourceAddress } from '#publish/source'
import { someRequirements } from '../builders.ts'
import { contentOf, newWorld, priced, type World } from './world.ts'

let world: World
const pem = newPrivateKey()
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

const kills = Number(process.env['PUBLISH_KILLS'] ?? '6')

/** Enough offers that writing them takes a while, and two backends, which never may be of two days. */
const manyOffers = (usd: number): readonly (readonly Offer[])[] =>
  ['aws', 'gcp'].map((backend) => priced(backend, usd, { regions: 8_000 }))

/** Runs code in a process of its own, and kills it so long after it has said that it starts. */
const runKilled = async (
  code: string,
  given: Readonly<Record<string, string>>,
  afterMs: number | null,
): Promise<number> => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '-C', 'source', '--input-type=module', '-e', code],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, VICTIM: JSON.stringify(given) },
    },
  )
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  await new Promise<void>((resolve) => {
    child.stdout.once('data', () => resolve())
  })
  const startMs = performance.now()
  if (afterMs !== null) {
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    child.kill('SIGKILL')
  }
  await ended
  return performance.now() - startMs
}

/** From the start to somewhat after the end; the last is not killed at all, however slow it is. */
const momentOf = (index: number, wholeMs: number): number | null =>
  index === kills - 1 ? null : (index / Math.max(1, kills - 2)) * wholeMs * 1.3

const exportCode = `
  import { openCatalog } from '#offers/catalog'
  import { signerOf } from '#platform/signing'
  import { exportCatalog } from '#publish/export'
  const { folder, path, pem, nowMs } = JSON.parse(process.env.VICTIM)
  const signer = signerOf(pem)
  process.stdout.write('ready')
  const catalog = openCatalog({ path })
  exportCatalog({ folder, catalog, backends: null, signer, nowMs: Number(nowMs) })
`

const pullCode = `
  import { pullCatalog } from '#publish/pull'
  import { sourceAddress } from '#publish/source'
  const { url, key, home, embedded } = JSON.parse(process.env.VICTIM)
  const environment = { DSTACK_OFFERS_HOME: home }
  process.stdout.write('ready')
  await pullCatalog({ source: sourceAddress(url, '/'), key, environment, embedded })
`

/** The one price of everything that was pulled. */
const heldPrice = (): number => {
  const offers = world.read('puller', (catalog) => catalog.first(someRequirements(), 0))
  expect(offers.length).toBe(16_000)
  const prices = new Set(offers.map(({ priceNanoUsd }) => (priceNanoUsd ?? 0) / 1e9))
  expect(prices.size).toBe(1)
  return [...prices][0] ?? 0
}

test(
  `an export killed at ${kills} moments leaves a folder that can be pulled whole`,
  {
    timeout: 600_000,
  },
  async () => {
    const signer = signerOf(pem)
    if (!signer) throw new Error('a new key is none')
    const path = join(world.root, 'publisher', 'catalog.sqlite')
    const given = { folder: world.folder, path, pem, nowMs: '1795478400000' }
    world.offer(...manyOffers(1))
    const wholeMs = await runKilled(exportCode, given, null)
    const outcomes = { old: 0, new: 0 }
    for (let index = 0; index < kills; index++) {
      const before = (await world.pull({ key: signer.publicKey })).sequence
      const usd = index + 2
      world.offer(...manyOffers(usd))
      await runKilled(exportCode, given, momentOf(index, wholeMs))
      const { sequence } = await world.pull({ key: signer.publicKey })
      expect([before, before + 1]).toContain(sequence)
      expect(heldPrice()).toBe(sequence === before ? usd - 1 : usd)
      outcomes[sequence === before ? 'old' : 'new'] += 1
      // The lock died with its holder, and what was left aside is cleared away.
      world.export({ signer })
      expect(Object.keys(contentOf(world.folder)).join()).not.toContain('partial')
    }
    expect(outcomes.old).toBeGreaterThan(0)
    expect(outcomes.new).toBeGreaterThan(0)
  },
)

test(
  `a pull killed at ${kills} moments leaves all of the old or all of the new`,
  {
    timeout: 600_000,
  },
  async () => {
    const { url } = world.server
    const embedded = join(world.root, 'no-embedded.sqlite')
    const given = { url, key: world.signer.publicKey, home: world.home, embedded }
    const publish = (usd: number): void => {
      world.offer(...manyOffers(usd))
      world.export()
    }
    publish(1)
    const wholeMs = await runKilled(pullCode, given, null)
    const outcomes = { old: 0, new: 0 }
    for (let index = 0; index < kills; index++) {
      const usd = index + 2
      publish(usd)
      await runKilled(pullCode, given, momentOf(index, wholeMs))
      const held = heldPrice()
      expect([usd - 1, usd]).toContain(held)
      outcomes[held === usd ? 'new' : 'old'] += 1
      // Whatever was remembered before the kill, the next pull brings the rest.
      await world.pull({ source: sourceAddress(url, '/') })
      expect(heldPrice()).toBe(usd)
    }
    expect(outcomes.old).toBeGreaterThan(0)
    expect(outcomes.new).toBeGreaterThan(0)
  },
)
