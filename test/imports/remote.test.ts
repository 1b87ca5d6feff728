/** Catalogs at addresses, from a real server on this machine. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { openSqlite } from '#platform/sqlite'
import { anOffer } from '../builders.ts'
import { type Reply, type ScriptedServer, startServer } from '../contract/scripted-server.ts'
import { gpuhuntCsv, newWorld, reportOf, skypilotCsv, type World } from './world.ts'
import { makeZip } from './zip-maker.ts'

let world: World
let server: ScriptedServer
let answers: Record<string, Reply | (() => Reply)>

beforeEach(async () => {
  world = newWorld()
  answers = {}
  server = await startServer(({ path, query }) => {
    const answer = answers[query.get('path') ?? path]
    return (typeof answer === 'function' ? answer() : answer) ?? { status: 404 }
  })
})
afterEach(async () => {
  await server.close()
  world.end()
})

const lastModified = { 'last-modified': 'Thu, 01 Oct 2026 10:00:00 GMT' }

const observationsOf = (backend: string) => [
  ...new Set(world.held(backend).map(({ observation: one }) => `${one.observedAt} ${one.source}`)),
]

describe('gpuhunt, where it is published', () => {
  const layout = join(import.meta.dirname, 'gpuhunt-v3')
  const publish = (cloud: string): void => {
    const file = (name: string) => readFileSync(join(layout, cloud, name))
    answers[`/v3/${cloud}/version`] = { body: file('version') }
    answers[`/v3/${cloud}/20260819-1/catalog.zip`] = { body: file('20260819-1/catalog.zip') }
  }
  const options = () => ({
    environment: { ...world.environment, DSTACK_OFFERS_ENDPOINT_GPUHUNT: `${server.url}/v3` },
  })

  test('as of the time in the archive, not of its version', async () => {
    const member = { name: 'nebius.csv', content: gpuhuntCsv(3), day: [2026, 9, 30] as const }
    answers['/v3/nebius/version'] = { body: '20260928-7' }
    answers['/v3/nebius/20260928-7/catalog.zip'] = { body: makeZip([member]) }
    await world.run(`${server.url}/v3`, { backends: ['nebius'] })
    expect(observationsOf('nebius')[0]).toMatch(/^2026-09-30T00:00:00Z /)
  })

  test('a version, then its archive; a cloud that is not there fails alone', async () => {
    publish('gcp')
    publish('aws')
    const report = await world.run('gpuhunt', options())
    expect(report.source).toBe(`gpuhunt's published catalogs at ${server.url}/v3`)
    expect(report.backends).toHaveLength(9)
    expect(reportOf(report, 'aws')).toMatchObject({ state: 'refreshed', offers: 849 })
    expect(reportOf(report, 'oci')).toMatchObject({
      state: 'failed',
      why: [`${server.url}/v3/oci/version does not exist (HTTP 404)`],
    })
    expect(observationsOf('gcp')).toEqual([
      `2026-08-19T00:00:00Z ${server.url}/v3/gcp/20260819-1/catalog.zip`,
    ])
  })

  test('any address that holds the layout', async () => {
    publish('aws')
    const report = await world.run(`${server.url}/v3/?token=secret`, { backends: ['aws'] })
    expect(report.source).toBe(`gpuhunt's published layout at ${server.url}/v3`)
    expect(reportOf(report, 'aws').state).toBe('refreshed')
  })

  test('a version that would lead elsewhere is none', async () => {
    answers['/v3/aws/version'] = { body: '../../other' }
    const report = await world.run('gpuhunt', { ...options(), backends: ['aws'] })
    expect(reportOf(report, 'aws').why.join()).toContain('names no version of a catalog')
    expect(server.asked).toHaveLength(1)
  })

  test('an archive without the file of its cloud fails', async () => {
    publish('aws')
    answers['/v3/aws/20260819-1/catalog.zip'] = {
      body: makeZip([{ name: 'gcp.csv', content: gpuhuntCsv(3) }]),
    }
    const report = await world.run('gpuhunt', { ...options(), backends: ['aws'] })
    expect(reportOf(report, 'aws').why.join()).toContain('holds no "aws.csv"')
  })
})

describe('SkyPilot, where it is published', () => {
  const sha = '0123456789abcdef0123456789abcdef01234567'
  const path = 'catalogs/v8/nebius/vms.csv'
  const commits = [{ sha, commit: { committer: { date: '2026-10-03T04:05:06Z' } } }]
  const options = () => ({
    environment: { ...world.environment, DSTACK_OFFERS_ENDPOINT_SKYPILOT: `${server.url}/sky` },
    backends: ['nebius'],
  })

  test('as of the commit that last changed the file', async () => {
    answers[path] = { body: JSON.stringify(commits) }
    answers[`/sky/${sha}/${path}`] = {
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(skypilotCsv(3)),
    }
    expect(reportOf(await world.run('skypilot', options()), 'nebius')).toMatchObject({ offers: 3 })
    expect(observationsOf('nebius')).toEqual([
      `2026-10-03T04:05:06Z skypilot-org/skypilot-catalog ${path}@0123456`,
    ])
  })

  test.each(['[]', '{"message": "limit"}', 'no JSON', '[{"sha": "../../x"}]'])(
    'no commit in %s: the file is not asked for',
    async (body) => {
      answers[path] = { body }
      const report = await world.run('skypilot', options())
      expect(reportOf(report, 'nebius')).toMatchObject({ problem: { code: 'upstream-invalid' } })
      expect(server.asked).toHaveLength(1)
    },
  )
})

describe('SkyPilot, all of it', () => {
  const options = () => ({
    environment: {
      ...world.environment,
      DSTACK_OFFERS_ENDPOINT_SKYPILOT: `${server.url}/sky`,
      DSTACK_OFFERS_ENDPOINT_SKYPILOT_COMMITS: `${server.url}/commits`,
    },
  })

  test('few files are asked for at once: the runtime has nothing to warn of', async () => {
    const warnings: string[] = []
    const listen = ({ name }: Error): void => {
      warnings.push(name)
    }
    process.on('warning', listen)
    onTestFinished(() => {
      process.off('warning', listen)
    })
    const { backends } = await world.run('skypilot', options())
    expect(backends.length).toBeGreaterThan(15)
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([])
  })

  test('what GitHub refuses for the hour is told with what to do', async () => {
    answers['catalogs/v8/nebius/vms.csv'] = { status: 403 }
    const report = await world.run('skypilot', { ...options(), backends: ['nebius'] })
    expect(reportOf(report, 'nebius').why.join()).toContain('HTTP 403; GitHub answers 60 questions')
  })
})

describe('a file at an address', () => {
  test('a CSV as old as the server says, its query told to nobody', async () => {
    answers['/prices/nebius.csv'] = { headers: lastModified, body: skypilotCsv(2) }
    const report = await world.run(`${server.url}/prices/nebius.csv?token=secret`)
    expect(report.source).toBe(`CSV at ${server.url}/prices/nebius.csv`)
    expect(observationsOf('nebius')).toEqual([
      `2026-10-01T10:00:00Z ${server.url}/prices/nebius.csv`,
    ])
  })

  test('a CSV without a time needs one', async () => {
    answers['/nebius.csv'] = { body: skypilotCsv(2) }
    const address = `${server.url}/nebius.csv`
    await expect(world.run(address)).rejects.toMatchObject({
      hint: 'say it: --observed-at 2026-05-20',
    })
    await world.run(address, { observedAt: '2026-10-02T00:00:00Z' })
    expect(world.held('nebius')).toHaveLength(2)
  })

  test('neither a password nor a signature is told of an address without a time', async () => {
    answers['/nebius.csv'] = { body: skypilotCsv(2) }
    const address = `${server.url}/nebius.csv?sig=secret`.replace('//', '//me:secret@')
    await expect(world.run(address)).rejects.toMatchObject({
      message: `when the prices of "${server.url}/nebius.csv" were seen is not known`,
    })
  })

  test('what a query asks for is a file, whatever its path', async () => {
    answers['/download'] = { headers: lastModified, body: skypilotCsv(2) }
    const report = await world.run(`${server.url}/download?file=all`, { backends: ['nebius'] })
    expect(reportOf(report, 'nebius')).toMatchObject({ offers: 2 })
  })

  test('a version is no extension: the layout lies below it', async () => {
    const content = gpuhuntCsv(4)
    answers['/v3.1/nebius/version'] = { body: '20260819-1' }
    answers['/v3.1/nebius/20260819-1/catalog.zip'] = {
      body: makeZip([{ name: 'nebius.csv', content }]),
    }
    const report = await world.run(`${server.url}/v3.1`, { backends: ['nebius'] })
    expect(reportOf(report, 'nebius')).toMatchObject({ offers: 4 })
  })

  test('a zip whose members tell no time is as old as the server says', async () => {
    const content = gpuhuntCsv(2)
    answers['/all.zip'] = {
      headers: lastModified,
      body: makeZip([{ name: 'nebius.csv', content }]),
    }
    await world.run(`${server.url}/all.zip`)
    expect(observationsOf('nebius')).toEqual([
      `2026-10-01T10:00:00Z ${server.url}/all.zip nebius.csv`,
    ])
  })

  test('a redirect is followed, and what passes is tried again', async () => {
    let attempts = 0
    answers['/old.csv'] = { status: 302, headers: { location: '/nebius.csv' } }
    answers['/nebius.csv'] = () => {
      attempts += 1
      return attempts === 1 ? { status: 503 } : { headers: lastModified, body: skypilotCsv(2) }
    }
    await world.run(`${server.url}/old.csv`, { backends: ['nebius'] })
    expect(world.held('nebius')).toHaveLength(2)
  })

  test.each([
    ['a page', { headers: lastModified, body: '<html></html>' }],
    ['a page without a time', { body: '<html></html>' }],
    ['another table', { headers: lastModified, body: 'a,b\n1,2\n' }],
  ])('%s is refused with what was looked for', async (_what, answer) => {
    answers['/nebius.csv'] = answer
    await expect(world.run(`${server.url}/nebius.csv`)).rejects.toMatchObject({
      code: 'upstream-invalid',
      message: `${server.url}/nebius.csv is no catalog that this program knows`,
      hint: expect.stringContaining('instance_name') as string,
    })
  })

  test('a body that is cut off is no catalog', async () => {
    answers['/nebius.csv'] = {
      headers: { ...lastModified, 'content-encoding': 'gzip' },
      body: gzipSync(skypilotCsv(200)).subarray(0, 60),
    }
    await expect(world.run(`${server.url}/nebius.csv`)).rejects.toMatchObject({
      code: 'upstream-unreachable',
    })
  })

  test.each([
    [404, 'argument-invalid'],
    [403, 'upstream-refused'],
    [500, 'upstream-refused'],
  ])('HTTP %i', async (status, code) => {
    answers['/nebius.csv'] = { status }
    await expect(world.run(`${server.url}/nebius.csv`)).rejects.toMatchObject({ code })
  })
})

describe('a catalog file of this program', () => {
  const write = (): Buffer => {
    const path = join(world.folder, 'theirs.sqlite')
    const database = openWritableCatalogFile(path)
    const offers = [anOffer({ backend: 'nebius' })]
    replaceBackend(database, { backend: 'nebius', offers, notes: [] })
    database.close()
    return readFileSync(path)
  }

  const foreign = (): Buffer => {
    const path = join(world.folder, 'foreign.sqlite')
    const database = openSqlite(path, { readonly: false })
    database.exec('CREATE TABLE note (text)')
    database.close()
    return readFileSync(path)
  }

  test('is taken from an address too, and its copy is not left', async () => {
    answers['/theirs.sqlite'] = { body: write() }
    const temporary = mkdtempSync(join(world.folder, 'temporary-'))
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const report = await world.run(`${server.url}/theirs.sqlite?token=secret`)
    expect(report.source).toBe(`catalog file of this program "${server.url}/theirs.sqlite"`)
    expect(reportOf(report, 'nebius')).toMatchObject({ state: 'refreshed', offers: 1 })
    expect(world.held('nebius')).toHaveLength(1)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('that is cut, or a database of others, is refused by its address', async () => {
    answers['/theirs.sqlite'] = { body: write().subarray(0, 5000) }
    const address = `${server.url}/theirs.sqlite`
    await expect(world.run(address)).rejects.toThrow(`"${address}"`)
    answers['/theirs.sqlite'] = { body: foreign() }
    await expect(world.run(address)).rejects.toThrow(`"${address}"`)
  })
})
