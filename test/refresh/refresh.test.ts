import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endpointVariable } from '#backends/kit/endpoint'
import { digitalocean } from '#backends/digitalocean/backend'
import { verda } from '#backends/verda/backend'
import { vultr } from '#backends/vultr/backend'
import { openCatalog } from '#offers/catalog'
import { acceptQuarantined } from '#refresh/accept'
import { printBackendReport, refreshDocument } from '#refresh/print'
import { whileAlone } from '#refresh/refresh'
import { outcomeOf } from '#refresh/report'
import { isRow, rowsUnder } from '../contract/importer-case.ts'
import { startServer } from '../contract/scripted-server.ts'
import { someRequirements } from '../builders.ts'
import { vultrCase } from '../backends/vultr/vultr-case.ts'
import { newWorld, reportOf, type Script, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

/** Vultr's plans with their rows changed. */
const vultrWith =
  (change: (rows: Record<string, unknown>[]) => void): Script =>
  (asked, good) => {
    const answer: unknown = structuredClone(vultrCase.world(asked))
    const rows = vultrCase.rowsOf(answer)
    if (!rows || !isRow(answer)) return good()
    change(rows)
    answer['meta'] = { total: rows.length, links: { next: '', prev: '' } }
    return { body: JSON.stringify(answer) }
  }

const twice = (factor: number): Script =>
  vultrWith((rows) => {
    for (const row of rows) {
      row['hourly_cost'] = Number(row['hourly_cost']) * factor
      delete row['location_cost']
    }
  })

test('what came is found by a search, with its source and its time', async () => {
  const report = await world.run()
  expect(report.backends.map(({ backend, state }) => [backend, state])).toEqual([
    ['vultr', 'refreshed'],
    ['cloudrift', 'refreshed'],
  ])
  expect(outcomeOf(report, false)).toBe('done')
  const catalog = openCatalog({ environment: world.environment })
  const [cheapest] = catalog.first(someRequirements({ backends: ['cloudrift'] }), 1)
  catalog.close()
  expect(cheapest).toMatchObject({
    id: 'cloudrift/us-west-1/cpu-8c/on-demand',
    priceNanoUsd: 60_000_000,
    observation: { source: world.servers.cloudrift.url },
  })
  expect(cheapest?.observation.observedAt).toMatch(/^2026-11-24T12:0\d:\d\dZ$/)
})

test('one backend that fails touches no other, and keeps what it had', async () => {
  await world.run()
  const before = world.held('vultr')
  world.script.vultr = () => ({ status: 500 })
  world.script.cloudrift = (_asked, good) => good()
  const report = await world.run()
  expect(reportOf(report, 'vultr')).toMatchObject({
    state: 'failed',
    problem: { code: 'upstream-refused' },
    observedAt: before[0]?.observation.observedAt,
  })
  expect(reportOf(report, 'cloudrift').state).toBe('unchanged')
  expect(world.held('vultr')).toEqual(before)
  expect(outcomeOf(report, false)).toBe('backend')
})

test.each<[string, Script]>([
  ['the network is cut', () => 'reset'],
  [
    'HTML comes instead',
    () => ({ body: '<html></html>', headers: { 'content-type': 'text/html' } }),
  ],
  ['an error comes with status 200', () => ({ body: '{"error":"no"}' })],
  [
    'a total is not reached',
    (asked, good) => {
      const answer = vultrCase.world(asked)
      return isRow(answer) && rowsUnder(answer, 'plans')
        ? { body: JSON.stringify({ ...answer, meta: { total: 99, links: { next: '' } } }) }
        : good()
    },
  ],
  ['nothing comes', vultrWith((rows) => rows.splice(0))],
])('when %s the old data stays whole', async (_what, script) => {
  await world.run()
  const before = readFileSync(join(world.home, 'catalog.sqlite'))
  world.script.vultr = script
  const report = await world.run({ backends: [vultr] })
  expect(['failed', 'incomplete']).toContain(reportOf(report, 'vultr').state)
  expect(readFileSync(join(world.home, 'catalog.sqlite')).equals(before)).toBe(true)
})

describe('data that is not believed', () => {
  test('is kept aside, named, and the old is served; a person may take it', async () => {
    await world.run()
    const before = world.held('vultr')
    world.script.vultr = twice(2)
    const report = await world.run({ backends: [vultr] })
    const own = reportOf(report, 'vultr')
    expect(own.state).toBe('quarantined')
    expect(own.why).toContain('prices are 2.00 times those held, by the median')
    expect(own.changes).toMatchObject({ added: 0, removed: 0 })
    expect(outcomeOf(report, false)).toBe('backend')
    expect(world.held('vultr')).toEqual(before)

    expect(await acceptQuarantined(world.environment, 'vultr')).toBe(before.length)
    const id = 'vultr/ord/vbm-256c-2048gb-8-mi300x-gpu/on-demand'
    expect(world.held('vultr').find((offer) => offer.id === id)?.priceNanoUsd).toBe(35_040_000_000)
    await expect(acceptQuarantined(world.environment, 'vultr')).rejects.toThrow(
      'nothing of "vultr" is in quarantine',
    )
  })

  test.each<[string, Script, string]>([
    ['most rows are gone', vultrWith((rows) => rows.splice(1)), 'of the offers held are gone'],
    ['cents are taken for dollars', twice(100), 'USD per GPU-hour'],
    [
      'memory is in another unit',
      vultrWith((rows) => {
        for (const row of rows) row['ram'] = Number(row['ram']) * 1024
      }),
      'MiB of memory per vCPU',
    ],
    [
      'the format has changed',
      vultrWith((rows) => {
        for (const row of rows.slice(0, 5)) row['ram'] = { mib: row['ram'] }
      }),
      'rows have no known shape',
    ],
  ])('%s', async (_what, script, why) => {
    await world.run()
    world.script.vultr = script
    const report = await world.run({ backends: [vultr] })
    expect(reportOf(report, 'vultr').state).toBe('quarantined')
    expect(reportOf(report, 'vultr').why.join('; ')).toContain(why)
  })

  test('is taken with force', async () => {
    await world.run()
    world.script.vultr = twice(2)
    const report = await world.run({ backends: [vultr], force: true })
    expect(reportOf(report, 'vultr').state).toBe('refreshed')
  })

  test('leaves quarantine once good data comes', async () => {
    await world.run()
    world.script.vultr = twice(2)
    await world.run({ backends: [vultr] })
    expect(readdirSync(join(world.home, 'quarantine'))).toEqual(['vultr.json'])
    world.script.vultr = twice(1.1)
    await world.run({ backends: [vultr], bounds: { vultr: { ...(await lax()) } } })
    expect(readdirSync(join(world.home, 'quarantine'))).toEqual([])
  })
})

describe('what was kept aside', () => {
  const quarantined = (): string => join(world.home, 'quarantine', 'vultr.json')
  beforeEach(async () => {
    await world.run()
    world.script.vultr = twice(2)
    await world.run({ backends: [vultr] })
  })

  test('is gone once the source says again what is held', async () => {
    world.script.vultr = null
    expect(reportOf(await world.run({ backends: [vultr], dryRun: true }), 'vultr').state).toBe(
      'unchanged',
    )
    expect(existsSync(quarantined())).toBe(true)
    expect(reportOf(await world.run({ backends: [vultr] }), 'vultr').state).toBe('unchanged')
    await expect(acceptQuarantined(world.environment, 'vultr')).rejects.toThrow(
      'nothing of "vultr" is in quarantine',
    )
  })

  test('once taken is what the next refresh compares with: it does not come back', async () => {
    await acceptQuarantined(world.environment, 'vultr')
    expect(reportOf(await world.run({ backends: [vultr] }), 'vultr').state).toBe('unchanged')
    world.script.vultr = null
    expect(reportOf(await world.run({ backends: [vultr] }), 'vultr').why).toContain(
      'prices are 0.50 times those held, by the median',
    )
  })

  test.each(['{"format":', '', '{"format":1,"backend":"vultr"}'])(
    'and is damaged is told by its file: %j',
    async (text) => {
      writeFileSync(quarantined(), text)
      await expect(acceptQuarantined(world.environment, 'vultr')).rejects.toMatchObject({
        code: 'catalog-unreadable',
        message: `"${quarantined()}" holds no offers of "vultr" kept aside`,
      })
    },
  )

  test('cannot be written is told by its file, and the old is served', async () => {
    const before = world.held('vultr')
    rmSync(join(world.home, 'quarantine'), { recursive: true })
    writeFileSync(join(world.home, 'quarantine'), '')
    const { state, problem } = reportOf(await world.run({ backends: [vultr] }), 'vultr')
    expect([state, problem?.code]).toEqual(['failed', 'catalog-unreadable'])
    expect(problem?.message).toContain(quarantined())
    expect(world.held('vultr')).toEqual(before)
  })
})

const lax = async () => ({ ...(await import('#refresh/bounds')).listBounds, moved: 1 })

test('prices that stay the same get a new date once they are an hour old, and not before', async () => {
  await world.run({ backends: [vultr] })
  const file = join(world.home, 'catalog.sqlite')
  const before = readFileSync(file)
  world.clock.advance(50 * 60_000)
  await world.run({ backends: [vultr] })
  expect(readFileSync(file).equals(before)).toBe(true)
  world.clock.advance(70 * 60_000)
  const report = reportOf(await world.run({ backends: [vultr] }), 'vultr')
  expect(report.state).toBe('unchanged')
  expect(report.observedAt).toMatch(/^2026-11-24T14:0/)
})

test('a dry run asks and writes nothing, no lock and no answer either', async () => {
  world.script.vultr = (_asked, good) => {
    const reply = good()
    return typeof reply === 'string' ? reply : { ...reply, headers: { etag: '"one"' } }
  }
  const report = await world.run({ dryRun: true })
  expect(report.dryRun).toBe(true)
  expect(reportOf(report, 'vultr')).toMatchObject({ state: 'refreshed', observedAt: null })
  expect(readdirSync(world.home)).toEqual([])
  await world.run({ backends: [vultr] })
  expect(readdirSync(join(world.home, 'cache', 'http')).length).toBeGreaterThan(0)
})

describe('credentials', () => {
  test('that are missing skip the backend, without a connection', async () => {
    const report = await world.run({ backends: [digitalocean] })
    expect(reportOf(report, 'digitalocean')).toMatchObject({
      state: 'skipped',
      why: ['missing DIGITAL_OCEAN_API_KEY or DIGITALOCEAN_TOKEN'],
    })
    expect(outcomeOf(report, false)).toBe('done')
    expect(outcomeOf(report, true)).toBe('credentials')
  })

  test('that are half set fail it', async () => {
    const environment = { ...world.environment, VERDA_CLIENT_ID: 'an id' }
    const report = await world.run({ backends: [verda], environment })
    expect(reportOf(report, 'verda').problem?.code).toBe('credentials-incomplete')
    expect(reportOf(report, 'verda').state).toBe('failed')
    expect(outcomeOf(report, false)).toBe('backend')
    expect(outcomeOf(report, true)).toBe('credentials')
  })

  test('that are missing hide no failure of another source', async () => {
    world.script.vultr = () => ({ status: 404 })
    const report = await world.run({ backends: [digitalocean, vultr] })
    expect([outcomeOf(report, false), outcomeOf(report, true)]).toEqual(['backend', 'backend'])
  })

  test('that are rejected are named as such', async () => {
    const rejecting = await startServer(() => ({ status: 401, body: '{}' }))
    const environment = {
      ...world.environment,
      DIGITALOCEAN_TOKEN: 'a token',
      [endpointVariable('digitalocean')]: rejecting.url,
    }
    const report = await world.run({ backends: [digitalocean], environment })
    await rejecting.close()
    expect(reportOf(report, 'digitalocean').problem?.code).toBe('upstream-credentials')
    expect([outcomeOf(report, false), outcomeOf(report, true)]).toEqual(['backend', 'credentials'])
  })
})

test('two refreshes of one catalog exclude each other', async () => {
  await whileAlone(world.environment, async () => {
    await expect(world.run()).rejects.toMatchObject({ code: 'refresh-locked' })
  })
  expect(outcomeOf(await world.run(), false)).toBe('done')
})

test('a home that cannot be written to is named', async () => {
  const file = join(world.home, 'a-file')
  writeFileSync(file, '')
  const environment = { ...world.environment, DSTACK_OFFERS_HOME: file }
  await expect(world.run({ environment })).rejects.toMatchObject({
    code: 'catalog-unreadable',
    message: expect.stringContaining('cannot be written') as string,
  })
})

test('a deadline ends what hangs, and leaves the rest', async () => {
  world.script.vultr = () => 'hang'
  const report = await world.run({ deadlineMs: 300 })
  expect(reportOf(report, 'vultr').state).toBe('failed')
  expect(reportOf(report, 'vultr').problem?.code).toBe('upstream-unreachable')
  expect(reportOf(report, 'cloudrift').state).toBe('refreshed')
})

test('a catalog that cannot be read fails every backend, and is not written over', async () => {
  writeFileSync(join(world.home, 'catalog.sqlite'), 'no catalog at all, but somebody’s file')
  const report = await world.run()
  for (const { state, problem } of report.backends) {
    expect(state).toBe('failed')
    expect(problem?.code).toBe('catalog-unreadable')
  }
  expect(readFileSync(join(world.home, 'catalog.sqlite'), 'utf8')).toContain('somebody')
})

test('an endpoint that is no address is told by the name of its variable', async () => {
  const environment = { ...world.environment, DSTACK_OFFERS_ENDPOINT_VULTR: 'ftp://user@host' }
  const report = await world.run({ backends: [vultr], environment })
  expect(reportOf(report, 'vultr').why.join()).toContain('DSTACK_OFFERS_ENDPOINT_VULTR')
})

test('a report prints as lines and as a document', async () => {
  const report = await world.run()
  expect(printBackendReport(reportOf(report, 'vultr'))).toBe(
    'vultr          refreshed    12 offers, 12 new, 0 gone, 0 repriced, 5 rejected',
  )
  const document = refreshDocument(report, () => 60)
  expect(document.backends[0]).toMatchObject({
    backend: 'vultr',
    state: 'refreshed',
    rejected: 5,
    age_seconds: 60,
  })
})
