/**
 * What the history costs at a rate of change that is assumed: a market of 3,000 offers asked every
 * hour, of which half change their price and 2 % are replaced by others; price lists of 100,000
 * offers asked once a day, of which 1 % change. `HISTORY_DAYS=7` measures a week; its figures are
 * printed.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import { openWritableHistoryFile } from '#history/database'
import { pruneHistory } from '#history/prune'
import { beginGeneration, endGeneration } from '#history/record'
import type { Sqlite } from '#platform/sqlite'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'
import { type Random, seeded } from '../random.ts'
import { seenAt } from './journal.ts'

const days = Number(process.env['HISTORY_DAYS'] ?? '1')
const listed = Number(process.env['HISTORY_LISTED'] ?? '20000')
const market = Number(process.env['HISTORY_MARKET'] ?? '1000')

const hourSeconds = 3600
const startSeconds = 1_790_000_000

const put = (history: Sqlite, backend: string, at: number, offers: readonly Offer[]): void => {
  const instant = `${new Date(at * 1000).toISOString().slice(0, 19)}Z`
  const replacement = { backend, offers: seenAt(instant, offers), notes: [] }
  const work = history.transaction(() => {
    const digest = at.toString(16).padStart(64, '0')
    endGeneration(
      history,
      beginGeneration(history, { backend, recordedAt: at, digest }),
      replacement,
    )
  })
  work()
}

const somePrice = (random: Random): number => random.int(50, 40_000) * 1_000_000

const aList = (random: Random): readonly Offer[] =>
  Array.from({ length: listed }, (_, index) =>
    anOffer({
      instanceType: anInstanceType({ name: `type-${Math.floor(index / 20)}.xlarge` }),
      region: `region-${index % 20}`,
      priceNanoUsd: somePrice(random),
    }),
  )

let asks = 30_000_000
const anAsk = (random: Random): Offer =>
  anOffer({
    backend: 'vastai',
    region: random.pick(['US', 'DE', 'SE', 'JP']),
    instanceType: anInstanceType({
      name: String(asks++),
      cpus: random.int(4, 128),
      memoryMib: random.int(8, 512) * 1024,
      gpu: aGpu(),
      gpuCount: random.pick([1, 2, 4, 8]),
      diskMib: random.int(50, 4000) * 1024,
    }),
    priceNanoUsd: somePrice(random),
  })

const nextHour = (random: Random, offers: readonly Offer[]): readonly Offer[] =>
  offers.map((offer) => {
    if (random.chance(0.02)) return anAsk(random)
    return random.chance(0.5) ? { ...offer, priceNanoUsd: somePrice(random) } : offer
  })

const nextDay = (random: Random, offers: readonly Offer[]): readonly Offer[] =>
  offers.map((offer) =>
    random.chance(0.01) ? { ...offer, priceNanoUsd: somePrice(random) } : offer,
  )

const changesIn = (history: Sqlite): number =>
  Number(history.prepare('SELECT count(*) FROM change').pluck().get())

test(`bytes of ${days} days, at an assumed rate`, { timeout: 280_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-size-'))
  try {
    const path = join(folder, 'history.sqlite')
    const history = openWritableHistoryFile(path)
    const random = seeded(1)
    let [list, asked] = [aList(random), Array.from({ length: market }, () => anAsk(random))] as [
      readonly Offer[],
      readonly Offer[],
    ]
    put(history, 'aws', startSeconds, list)
    put(history, 'vastai', startSeconds, asked)
    const base = { bytes: statSync(path).size, changes: changesIn(history) }
    for (let hour = 1; hour <= days * 24; hour++) {
      const at = startSeconds + hour * hourSeconds
      asked = nextHour(random, asked)
      put(history, 'vastai', at, asked)
      if (hour % 24 !== 0) continue
      list = nextDay(random, list)
      put(history, 'aws', at, list)
    }
    const grown = statSync(path).size - base.bytes
    const changes = changesIn(history) - base.changes
    const pruned = pruneHistory(history, startSeconds + (days * 24 - 1) * hourSeconds, {
      dryRun: false,
    })
    history.close()
    const perChange = grown / changes
    console.log(
      `history: first sight ${(base.bytes / base.changes).toFixed(1)} bytes an offer (${base.changes}), ` +
        `then ${changes} changes, ${perChange.toFixed(1)} bytes each, ${Math.round(grown / days)} bytes a day; ` +
        `pruned to the last hour: ${pruned.bytes.join(' to ')} bytes`,
    )
    expect(perChange).toBeLessThan(60)
    expect(pruned.bytes[1]).toBeLessThan(base.bytes + grown)
    expect(statSync(path).size).toBe(pruned.bytes[1])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
