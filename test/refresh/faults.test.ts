/** After every fault the catalog is whole, and holds the old data or the new of each backend. */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endpointVariable } from '#backends/kit/endpoint'
import { vultr } from '#backends/vultr/backend'
import { KnownError } from '#domain/errors'
import { defaultHttpLimits } from '#platform/http'
import { vultrCase } from '../backends/vultr/vultr-case.ts'
import { isRow } from '../contract/importer-case.ts'
import { wholeDigests } from './whole.ts'
import { newWorld, reportOf, type Script, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

/** Vultr's prices in part anew: believed, and another digest. */
const dearer: Script = (asked, good) => {
  const answer: unknown = structuredClone(vultrCase.world(asked))
  const [first] = vultrCase.rowsOf(answer) ?? []
  if (!first || !isRow(answer)) return good()
  first['hourly_cost'] = Number(first['hourly_cost']) * 1.1
  delete first['location_cost']
  return { body: JSON.stringify(answer) }
}

/** A server whose answers are written by hand. */
const serving = async <T>(
  respond: (response: ServerResponse) => void,
  work: (url: string) => Promise<T>,
): Promise<T> => {
  const server = createServer((_request, response) => respond(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const body = JSON.stringify(
  vultrCase.world({
    method: 'GET',
    path: '/v2/plans',
    query: new URLSearchParams(),
    headers: {},
    body: '',
    key: '',
    atMs: 0,
  }) ?? { plans: [] },
)

const json = { 'content-type': 'application/json' }

describe('of the network', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['is cut before an answer', (response) => response.socket?.destroy()],
    [
      'is cut in the middle of a body',
      (response) => {
        response.writeHead(200, { ...json, 'content-length': body.length })
        response.write(body.slice(0, body.length / 2), () => response.socket?.destroy())
      },
    ],
    [
      'brings a body drop by drop',
      (response) => {
        response.writeHead(200, json)
        const drip = setInterval(() => response.write(' '), 20)
        response.once('close', () => clearInterval(drip))
      },
    ],
    [
      'stops in the middle of a body',
      (response) => {
        response.writeHead(200, json)
        response.write(body.slice(0, 10))
      },
    ],
    [
      'brings half of a gzip',
      (response) => {
        response.writeHead(200, { ...json, 'content-encoding': 'gzip' })
        const packed = gzipSync(body)
        response.end(packed.subarray(0, packed.length / 2))
      },
    ],
    [
      'brings what is no gzip',
      (response) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(body),
    ],
    [
      'brings a page for people',
      (response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
    ],
    [
      'brings the right text as another type',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{"plans":[]}'),
    ],
    [
      'brings an error with status 200',
      (response) => response.writeHead(200, json).end('{"error":{"message":"try later"}}'),
    ],
    ['brings nothing with status 200', (response) => response.writeHead(200, json).end()],
    [
      'brings half of a document',
      (response) => response.writeHead(200, json).end(body.slice(0, 99)),
    ],
  ])('that %s', async (_what, respond) => {
    await world.run()
    const before = wholeDigests(world.home)
    await serving(respond, async (url) => {
      const environment = { ...world.environment, [endpointVariable('vultr')]: url }
      world.script.cloudrift = null
      const limits = { ...defaultHttpLimits, silenceMs: 200, wholeMs: 300 }
      const report = await world.run({ environment, http: { limits } })
      expect(['failed', 'incomplete']).toContain(reportOf(report, 'vultr').state)
      expect(reportOf(report, 'vultr').problem?.code).not.toBe('bug')
      expect(reportOf(report, 'cloudrift').state).toBe('unchanged')
    })
    expect(wholeDigests(world.home)).toEqual(before)
    expect(reportOf(await world.run(), 'vultr').state).toBe('unchanged')
  })
})

describe('of the clock', () => {
  const hourMs = 3_600_000
  test.each([
    ['far ahead', 400 * 24 * hourMs],
    ['an hour ahead', hourMs],
    ['an hour back', -hourMs],
    ['years back', -3 * 365 * 24 * hourMs],
  ])('set %s between two refreshes', async (_what, jumpMs) => {
    await world.run()
    world.clock.advance(jumpMs)
    world.script.vultr = dearer
    const report = await world.run()
    expect(reportOf(report, 'vultr').state).toBe('refreshed')
    const seen = wholeDigests(world.home)
    expect(seen.size).toBe(2)
    world.clock.advance(-jumpMs)
    expect(reportOf(await world.run({ backends: [vultr] }), 'vultr').state).toBe('unchanged')
    wholeDigests(world.home)
  })

  test.each([10 * hourMs, -10 * hourMs])('set by %s ms in the midst of one', async (jumpMs) => {
    await world.run()
    world.script.vultr = (asked, good) => {
      world.clock.advance(jumpMs)
      return dearer(asked, good)
    }
    const report = await world.run({ backends: [vultr] })
    expect(reportOf(report, 'vultr').state).toBe('refreshed')
    wholeDigests(world.home)
  })
})

const systemTool = (name: string, words: readonly string[]): void => {
  execFileSync(name, words, { stdio: 'ignore' })
}

/** A small file system of its own; null where this process may not mount one. */
const mounted = (
  options: string,
): { path: string; mount(changed: string): void; end(): void } | null => {
  const path = mkdtempSync(join(tmpdir(), 'dstack-offers-disk-'))
  const mount = (changed: string): void => {
    systemTool('mount', ['-t', 'tmpfs', '-o', changed, 'tmpfs', path])
  }
  try {
    mount(options)
  } catch {
    rmSync(path, { recursive: true })
    return null
  }
  const end = (): void => {
    systemTool('umount', [path])
    rmSync(path, { recursive: true })
  }
  return { path, mount: (changed) => mount(`remount,${changed}`), end }
}

const disk = mounted('size=4m')
disk?.end()
if (disk === null) {
  console.warn('skipped: a disk that is full or read-only; only root may mount one here')
}

describe.skipIf(disk === null)('of the disk', () => {
  const onDisk = async (
    work: (
      home: string,
      disk: { path: string; readonly mount: (changed: string) => void },
    ) => Promise<void>,
  ): Promise<void> => {
    const own = mounted('size=4m')
    if (own === null) throw new Error('no disk to mount')
    try {
      await world.run()
      const home = join(own.path, 'home')
      cpSync(world.home, home, { recursive: true })
      await work(home, own)
    } finally {
      own.end()
    }
  }
  const environmentOf = (home: string) => ({ ...world.environment, DSTACK_OFFERS_HOME: home })

  test.each([0, 1, 8, 32, 64])('that is full but for %i pages', async (pages) => {
    await onDisk(async (home, { path }) => {
      const before = wholeDigests(home)
      const filler = join(path, 'filler')
      let bytes = 0
      const sizes = [65_536, 4096]
      for (const size of sizes) {
        try {
          for (;;) {
            writeFileSync(filler, Buffer.alloc(size), { flag: 'a' })
            bytes = statSync(filler).size
          }
        } catch {
          // Full.
        }
      }
      expect(bytes).toBeGreaterThan(0)
      truncateSync(filler, bytes - pages * 4096)
      world.script.vultr = dearer
      const end = await world.run({ environment: environmentOf(home) }).then(
        (report) => reportOf(report, 'vultr').problem?.code ?? reportOf(report, 'vultr').state,
        (error: unknown) => (error instanceof KnownError ? error.code : String(error)),
      )
      expect(['refreshed', 'catalog-unreadable']).toContain(end)
      const after = wholeDigests(home)
      expect([...after.keys()]).toEqual([...before.keys()])
      rmSync(filler)
      const report = await world.run({ environment: environmentOf(home), backends: [vultr] })
      expect(['refreshed', 'unchanged']).toContain(reportOf(report, 'vultr').state)
      wholeDigests(home)
    })
  })

  test('that is read-only', async () => {
    await onDisk(async (home, { mount }) => {
      const before = wholeDigests(home)
      mount('ro')
      world.script.vultr = dearer
      const report = await world.run({ environment: environmentOf(home) })
      expect(reportOf(report, 'vultr')).toMatchObject({
        state: 'failed',
        problem: { code: 'catalog-unreadable' },
      })
      expect(reportOf(report, 'vultr').why.join()).toContain('cannot be written')
      expect(reportOf(report, 'cloudrift').state).toBe('unchanged')
      expect(wholeDigests(home)).toEqual(before)
    })
  })
})

test('of the cache: what is broken there costs a download, and nothing else', async () => {
  await world.run()
  const before = wholeDigests(world.home)
  const cache = join(world.home, 'cache', 'http')
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(join(world.home, 'cache'), { recursive: true })
  writeFileSync(cache, 'a file in the place of a folder')
  const report = await world.run()
  expect(report.backends.map(({ state }) => state)).toEqual(['unchanged', 'unchanged'])
  expect(wholeDigests(world.home)).toEqual(before)
})
