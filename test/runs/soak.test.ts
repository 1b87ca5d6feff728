/** Thirty days of an unquiet cloud, by a virtual clock, in a file. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { chanceOf } from '#backends/simulator/chance'
import { ordinaryRules, type Fault, type SimulatorRules } from '#backends/simulator/rules'
import { scaleRun, stopRun, submitRun } from '#runs/submit'
import { openBooks, tables } from './books.ts'
import { newWorld, offersOf, spec } from './world.ts'

const days = Number(process.env['RUNS_SOAK_DAYS'] ?? '30')
const seed = 30

const minuteMs = 60_000

/** Between passes: some follow at once, as they do when something moves. */
const waitsMs = [10_000, 50_000, 14 * minuteMs]

setFlagsFromString('--expose-gc')
const collectGarbage = (): void => {
  runInNewContext('gc()')
}

const openHandles = (): number =>
  existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0

const faultOf = (call: string, count: number): Fault | null => {
  const chance = chanceOf(seed, call, count)
  if (call === 'create') {
    if (chance < 0.05) return { kind: 'lost-response' }
    if (chance < 0.1) return { kind: 'lost-request' }
    if (chance < 0.15) return { kind: 'dies' }
    if (chance < 0.2) return { kind: 'partial' }
    return chance < 0.25 ? { kind: 'dearer' } : null
  }
  if (chance < 0.01) return { kind: 'lost-response' }
  return chance < 0.02 ? { kind: 'lost-request' } : null
}

const rules: SimulatorRules = { ...ordinaryRules(seed), fault: faultOf }

test(
  `${days} days with faults leave no machine, row, handle or memory behind`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'soak-'))
    const handles = openHandles()
    const books = openBooks(join(folder, 'runs.sqlite'))
    try {
      const world = newWorld({ runtime: 'vm', offers: offersOf(8), books, rules })
      world.addForeign()
      let { hands } = world.process('process-0')
      const measures: { rows: number; machines: number; bytes: number; memory: number }[] = []
      let [passes, most] = [0, 0]
      const long = { ...spec, idleSeconds: 600, replicas: { min: 1, max: 3 } }
      submitRun(world.store, { name: 'always', spec: long }, world.chance())
      for (let day = 0; day < days; day++) {
        for (let minute = 0; minute < 24 * 60; minute += 15) {
          const chance = chanceOf(seed, 'user', day, minute)
          const always = world.store.runNamed('always')
          const job = world.store.runNamed('job')
          const isOver = job === null || job.endedMs !== null
          if (always?.status === 'running' && chance < 0.06) scaleRun(world.store, 'always', 3)
          else if (always?.status === 'running' && chance < 0.12) scaleRun(world.store, 'always', 1)
          else if (chance < 0.4 && isOver) {
            submitRun(
              world.store,
              { name: 'job', spec: { ...spec, idleSeconds: 300 } },
              world.chance(),
            )
          } else if (chance > 0.7 && !isOver) {
            stopRun(world.store, 'job', 'stopped-by-user')
          }
          // Somebody's restart, in the middle of a day.
          if (chance > 0.5 && chance < 0.51) hands = world.process(`process-${day}-${minute}`).hands
          for (const waitMs of waitsMs) {
            await world.pass(hands)
            world.advance(waitMs)
            passes += 1
          }
          if (minute % 60 === 0) await world.sweep(hands)
          most = Math.max(most, world.alive().length)
        }
        const rows = tables.reduce((sum, table) => {
          const count = books.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
          return sum + Number(count)
        }, 0)
        collectGarbage()
        measures.push({
          rows,
          machines: world.cloud.machines.length,
          bytes: statSync(join(folder, 'runs.sqlite')).size,
          memory: process.memoryUsage().heapUsed,
        })
      }
      for (const { name } of world.store.runs(false)) stopRun(world.store, name, 'stopped-by-user')
      for (let minute = 0; minute < 60; minute++) {
        world.advance(minuteMs)
        await world.pass(hands)
        await world.sweep(hands)
      }
      const first = measures[Math.floor(days / 2)]
      const last = measures.at(-1)
      if (first === undefined || last === undefined) throw new Error('no day has passed')
      console.log(
        `${passes} passes, ${world.cloud.totals.made} machines made, at most ${most} at once; ` +
          `rows ${first.rows} -> ${last.rows}, bytes ${first.bytes} -> ${last.bytes}, ` +
          `heap ${first.memory} -> ${last.memory}`,
      )
      expect(world.books()).toEqual({ cloud: [], ledger: [] })
      expect(world.store.sideObjects()).toEqual([])
      expect(world.cloud.sideObjects).toEqual([])
      expect(world.store.unsettledAttempts()).toEqual([])
      expect(world.cloud.totals.doubles).toBe(0)
      expect(world.foreign()).toHaveLength(2)
      expect(world.cloud.totals.made).toBeGreaterThan(10 * days)
      // Four replicas, and their machines that idle or are on their way out.
      expect(most).toBeLessThanOrEqual(8)
      // Two weeks are kept: from then on, what comes in goes out.
      expect(last.rows).toBeLessThan(first.rows * 1.5)
      expect(last.bytes).toBeLessThan(first.bytes * 1.5)
      expect(last.machines).toBeLessThan(100)
      expect(last.memory).toBeLessThan(first.memory + 8 * 2 ** 20)
      // The file of runs, its log and its index.
      expect(openHandles()).toBeLessThanOrEqual(handles + 3)
    } finally {
      books.store.close()
      rmSync(folder, { recursive: true })
    }
  },
  days * 10_000,
)
