/** SIGKILL at many moments of a refresh: the catalog is the old or the new one, and opens. */
import { spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { vultr } from '#backends/vultr/backend'
import { isRow } from '../contract/importer-case.ts'
import { vultrCase } from '../backends/vultr/vultr-case.ts'
import { newWorld, type Script, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

const plans = 2000

/** Enough plans that writing them takes a while; all cost so much. */
const manyPlans =
  (usd: number): Script =>
  (asked, good) => {
    const answer: unknown = structuredClone(vultrCase.world(asked))
    const rows = asked.path === '/v2/plans' ? vultrCase.rowsOf(answer) : null
    const [first] = rows ?? []
    if (!first || !isRow(answer)) return good()
    const locations = Array.from({ length: 10 }, (_, index) => `r${index}`)
    answer['plans'] = Array.from({ length: plans }, (_, index) => ({
      ...first,
      id: `plan-${index}`,
      hourly_cost: usd,
      location_cost: null,
      locations,
    }))
    answer['meta'] = { total: plans, links: { next: '' } }
    return { body: JSON.stringify(answer) }
  }

interface Victim {
  /** When the refresh is about to start. */
  readonly ready: Promise<void>
  readonly ended: Promise<void>
  kill(): void
}

/** A refresh in a process of its own. */
const victimCode = `
  import { vultr } from '#backends/vultr/backend'
  import { refresh } from '#refresh/refresh'
  const environment = JSON.parse(process.env.VICTIM)
  process.stdout.write('ready')
  await refresh({ backends: [vultr], environment, force: true })
`

const startVictim = (): Victim => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '-C', 'source', '--input-type=module', '-e', victimCode],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, VICTIM: JSON.stringify(world.environment) },
    },
  )
  return {
    ready: new Promise((resolve) => {
      child.stdout.once('data', () => resolve())
    }),
    ended: new Promise((resolve) => {
      child.once('close', () => resolve())
    }),
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}

/** How long a refresh takes that nobody kills, from its start on. */
const timeVictim = async (): Promise<number> => {
  world.script.vultr = manyPlans(2)
  const victim = startVictim()
  await victim.ready
  const startMs = performance.now()
  await victim.ended
  return performance.now() - startMs
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The prices of the plans that the catalog holds, each once. */
const heldPrices = (): readonly (number | null)[] => {
  const held = world.held('vultr').filter(({ id }) => id.includes('/plan-'))
  expect(held.length).toBe(plans * 10)
  return [...new Set(held.map(({ priceNanoUsd }) => priceNanoUsd))]
}

const kills = Number(process.env['REFRESH_KILLS'] ?? '6')

test(
  `killed at ${kills} moments, it leaves the old or the new prices`,
  { timeout: 600_000 },
  async () => {
    world.script.vultr = manyPlans(1)
    await world.run({ backends: [vultr] })
    const wholeMs = await timeVictim()
    const outcomes = { old: 0, new: 0 }
    let cents = 200
    for (let index = 0; index < kills; index++) {
      const before = heldPrices()
      expect(before.length).toBe(1)
      cents += 1
      world.script.vultr = manyPlans(cents / 100)
      const victim = startVictim()
      await victim.ready
      await pause((index / (kills - 1)) * wholeMs * 1.5)
      victim.kill()
      await victim.ended
      const after = heldPrices()
      expect(after.length).toBe(1)
      expect([before[0], cents * 10_000_000]).toContain(after[0])
      outcomes[after[0] === before[0] ? 'old' : 'new'] += 1
      // The lock died with its holder, and the next refresh goes through.
      const report = await world.run({ backends: [vultr], force: true })
      expect(['refreshed', 'unchanged']).toContain(report.backends[0]?.state)
    }
    // The first kill comes before anything is written, the last after all is.
    expect(outcomes.old).toBeGreaterThan(0)
    expect(outcomes.new).toBeGreaterThan(0)
  },
)
