import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { hasRoom, newCloudState } from '#backends/simulator/cloud'
import { withCloudFile } from '#backends/simulator/cloud-file'
import { simulatorOnFile } from '#backends/simulator/on-file'
import { ordinaryRules } from '#backends/simulator/rules'
import { classify, SimulatedRefusal } from '#backends/simulator/errors'
import { NoAnswer } from '#platform/http-once'
import { simulatorIo, simulatorRequest } from './simulator-io.ts'

const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
afterAll(() => rmSync(folder, { recursive: true }))

const launch = (home: string, attempt: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('./launch-one.ts', import.meta.url))
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '-C', 'source', script, home, attempt],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let stdout = ''
    child.stdout.on('data', (piece: Buffer) => {
      stdout += piece.toString('utf8')
    })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(stdout.trim()) : reject(new Error(`it ended with ${code}`)),
    )
  })

describe('the simulator on file', () => {
  test('shows every process the same machines', async () => {
    const attempts = ['01aaaaaaaaaaaaaaaaaaaaaaaa', '01bbbbbbbbbbbbbbbbbbbbbbbb']
    const ids = await Promise.all(attempts.map((attempt) => launch(folder, attempt)))
    expect(ids.toSorted()).toEqual(['sim-1', 'sim-2'])
    const io = simulatorIo(folder, Date.now() + 60_000)
    const listed: string[] = []
    for await (const one of simulatorOnFile.list(io, 'testtest')) {
      if ('instance' in one) listed.push(one.instance.ref.id)
    }
    expect(listed.toSorted()).toEqual(['sim-1', 'sim-2'])
    for (const id of listed) {
      const ref = { backend: 'simulator', id, region: 'sim-east', zone: null }
      expect(await simulatorOnFile.destroy(io, ref)).toBe('going')
      const later = simulatorIo(folder, Date.now() + 120_000)
      expect(await simulatorOnFile.destroy(later, ref)).toBe('gone')
    }
    expect(statSync(join(folder, 'simulator.sqlite')).mode & 0o777).toBe(0o600)
  })

  test('keeps what was done where the answer is lost', () => {
    const path = join(folder, 'lost.sqlite')
    const lose = (): never => {
      throw new Error('lost')
    }
    expect(() =>
      withCloudFile(path, (state) => {
        state.calls = 7
        return lose()
      }),
    ).toThrow('lost')
    expect(withCloudFile(path, ({ calls }) => calls)).toBe(7)
  })

  test('lists offers whose prices say that they are invented, and move by the hour', async () => {
    const home = join(folder, 'prices')
    const pricesAt = async (nowMs: number) => {
      const offers = (await simulatorOnFile.inventory?.(simulatorIo(home, nowMs))) ?? []
      expect(offers.every(({ observation }) => observation.source.includes('invented'))).toBe(true)
      return new Map(offers.map(({ id, priceNanoUsd }) => [id, priceNanoUsd]))
    }
    const nowMs = Date.parse('2026-11-24T12:00:00Z')
    const [first, same, later] = [
      await pricesAt(nowMs),
      await pricesAt(nowMs + 60_000),
      await pricesAt(nowMs + 2 * 60 * 60_000),
    ]
    expect(same).toEqual(first)
    const moved = [...first].filter(([id, price]) => later.get(id) !== price).map(([id]) => id)
    expect(moved.length).toBeGreaterThan(0)
    expect(moved.every((id) => id.includes('/spot'))).toBe(true)
  })

  test('plans with what an offer costs at most', async () => {
    const io = simulatorIo(join(folder, 'plans'), Date.now())
    const [offer] = (await simulatorOnFile.inventory?.(io)) ?? []
    if (offer === undefined) throw new Error('nothing is for sale')
    const planned = simulatorOnFile.plan(simulatorRequest('01cccccccccccccccccccccccc'), offer)
    expect(planned).toMatchObject({ plan: { highestNanoUsd: offer.priceNanoUsd, secrets: [] } })
  })
})

describe('an ordinary day', () => {
  test('has offers without room, and the same ones for everybody', () => {
    const state = newCloudState(1)
    const nowMs = Date.parse('2026-11-24T12:00:00Z')
    const room = (seed: number) =>
      Array.from({ length: 100 }, (_, at) =>
        hasRoom(state, ordinaryRules(seed), `offer-${at}`, nowMs),
      )
    expect(room(1)).toEqual(room(1))
    expect(room(1)).not.toEqual(room(2))
    const full = room(1).filter((has) => !has).length
    expect(full).toBeGreaterThan(5)
    expect(full).toBeLessThan(50)
  })
})

describe('what its failures mean', () => {
  test.each([
    [new NoAnswer('lost', true), 'create', 'ambiguous'],
    [new NoAnswer('lost', false), 'create', 'transient'],
    [new NoAnswer('lost', true), 'observe', 'transient'],
    [new SimulatedRefusal('quota', 'region', 'full'), 'create', 'quota'],
    [new Error('something else'), 'create', 'unknown'],
  ] as const)('%s during %s', (error, during, failureClass) => {
    expect(classify(error, { during, spot: false }).class).toBe(failureClass)
  })
})
