/** SIGKILL at many steps of a refresh: of each backend the catalog holds the old data or the new. */
import { cpSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isRow } from '../contract/importer-case.ts'
import { vultrCase } from '../backends/vultr/vultr-case.ts'
import { makeVictims, type Victims } from './victims.ts'
import { wholeDigests } from './whole.ts'
import { newWorld, type Script, type World } from './world.ts'

let world: World
let victims: Victims
beforeAll(async () => {
  world = await newWorld()
  victims = await makeVictims()
})
afterAll(async () => {
  victims.end()
  await world.end()
})

/** Plans enough that the file is many pages; all cost so much. */
const manyPlans =
  (usd: number): Script =>
  (asked, good) => {
    const answer: unknown = structuredClone(vultrCase.world(asked))
    const rows = asked.path === '/v2/plans' ? vultrCase.rowsOf(answer) : null
    const [first] = rows ?? []
    if (!first || !isRow(answer)) return good()
    const locations = Array.from({ length: 5 }, (_, index) => `r${index}`)
    const plans = Array.from({ length: 100 }, (_, index) => ({
      ...first,
      id: `plan-${index}`,
      hourly_cost: usd,
      location_cost: null,
      locations,
    }))
    return { body: JSON.stringify({ ...answer, plans, meta: { total: 100, links: { next: '' } } }) }
  }

const atSteps = Number(process.env['REFRESH_KILLS'] ?? '50')
const atTimes = 10

/** So many numbers from 0 to below `end`, evenly. */
const spread = (count: number, end: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => Math.floor((index * end) / count))

test(
  `killed at ${atSteps} steps and ${atTimes} moments, it leaves old or new data`,
  { timeout: 300_000 },
  async () => {
    const kept = `${world.home}-kept`
    const reset = (): void => {
      rmSync(world.home, { recursive: true, force: true })
      cpSync(kept, world.home, { recursive: true })
    }
    world.script.vultr = manyPlans(1)
    await victims.run({ environment: world.environment })
    const old = wholeDigests(world.home)
    cpSync(world.home, kept, { recursive: true })

    world.script.vultr = manyPlans(1.2)
    const startMs = performance.now()
    const { stdout } = await victims.run({ environment: world.environment })
    const wholeMs = performance.now() - startMs
    const steps = Number(/(\d+) steps/.exec(stdout)?.[1])
    expect(steps).toBeGreaterThan(atSteps)

    const prices = { old: 0, new: 0 }
    const judge = (): void => {
      const found = wholeDigests(world.home)
      expect([...found.keys()].sort()).toEqual([...old.keys()].sort())
      const held = world.held('vultr').filter(({ id }) => id.includes('/plan-'))
      const [price, ...others] = new Set(held.map(({ priceNanoUsd }) => priceNanoUsd))
      expect(others).toEqual([])
      expect(held.length).toBe(500)
      expect([1e9, 1.2e9]).toContain(price)
      expect(price === 1e9).toBe(found.get('vultr') === old.get('vultr'))
      prices[price === 1e9 ? 'old' : 'new'] += 1
    }
    const { environment } = world
    for (const [index, killAt] of spread(atSteps, steps).entries()) {
      reset()
      expect((await victims.run({ environment, killAt })).signal).toBe('SIGKILL')
      judge()
      // The lock died with its holder, and the next refresh goes through.
      if (index % 10 > 0) continue
      const report = await world.run({ force: true })
      expect(report.backends.map(({ state }) => state)).not.toContain('failed')
      expect(wholeDigests(world.home).get('vultr')).not.toBe(old.get('vultr'))
    }
    // Between the steps, too: in the middle of what SQLite writes.
    for (const afterMs of spread(atTimes, wholeMs)) {
      reset()
      await victims.run({ environment, afterMs })
      judge()
    }
    rmSync(kept, { recursive: true, force: true })
    // The first kill comes before anything is written, the last step after all is.
    expect(prices.old).toBeGreaterThan(0)
    expect(prices.new).toBeGreaterThan(0)
  },
)
