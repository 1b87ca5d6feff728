/** Files and folders into the catalog of the user: what is found, when it counts, what it replaces. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { acceptQuarantined } from '#refresh/accept'
import { newTestClock } from '../contract/test-clock.ts'
import { gpuhuntCsv, newWorld, reportOf, skypilotCsv, type World } from './world.ts'
import { makeZip } from './zip-maker.ts'

let world: World
beforeEach(() => {
  world = newWorld()
})
afterEach(() => world.end())

const day = { observedAt: '2026-10-01' }
const published = join(import.meta.dirname, 'gpuhunt-v3')

const sourcesOf = (backend: string): readonly string[] => [
  ...new Set(
    world.held(backend).map(({ observation: { source, observedAt } }) => `${observedAt} ${source}`),
  ),
]

describe('what an argument is', () => {
  test('a folder in the layout that gpuhunt publishes', async () => {
    const report = await world.run(published)
    expect(report.source).toBe(`gpuhunt's published layout in "${published}", 9 files`)
    expect(reportOf(report, 'aws')).toMatchObject({ state: 'refreshed', offers: 849, pages: 1 })
    expect(sourcesOf('aws')).toEqual(['2026-08-19T00:00:00Z gpuhunt-v3/aws/20260819-1/catalog.zip'])
    expect(reportOf(report, 'oci')).toMatchObject({
      state: 'incomplete',
      why: ['no offer came of it'],
    })
  })

  test('every row is an offer, a reject or merged', async () => {
    const report = await world.run(published, { backends: ['gcp'] })
    const { offers, rejects, why } = reportOf(report, 'gcp')
    const merged = Number(/(\d+) prices of further zones/.exec(why.join())?.[1])
    const rejected = Object.values(rejects).reduce((sum, count) => sum + count, 0)
    expect(offers + rejected + merged).toBe(830)
  })

  test('a CSV of gpuhunt, its backend told by its name', async () => {
    world.write('nebius.csv', gpuhuntCsv(12))
    const report = await world.run('nebius.csv', day)
    expect(report.source).toBe('CSV of gpuhunt "nebius.csv"')
    expect(world.held('nebius')).toHaveLength(12)
    expect(sourcesOf('nebius')).toEqual(['2026-10-01T00:00:00Z gpuhunt nebius.csv'])
  })

  test('a folder of CSV files of both, under the names of their makers', async () => {
    world.write('all/vast.csv', skypilotCsv(3))
    world.write('all/do/vms.csv', skypilotCsv(4))
    world.write('all/datacrunch.csv', gpuhuntCsv(1))
    world.write('all/verda.csv', gpuhuntCsv(2))
    world.write('all/images.csv', 'Tag,Region\n')
    const report = await world.run('all', day)
    expect(report.source).toBe('CSV of gpuhunt, CSV of SkyPilot in "all", 4 files')
    const offers = report.backends.map(({ backend, offers }) => `${backend} ${offers}`)
    expect(offers.sort()).toEqual(['digitalocean 4', 'vastai 3', 'verda 2'])
  })

  test('a zip of CSV files, dated by what is in it', async () => {
    const content = gpuhuntCsv(5)
    world.write('v2.zip', makeZip([{ name: 'nebius.csv', content, day: [2026, 9, 30] }]))
    const report = await world.run('v2.zip')
    expect(report.source).toBe('zip of CSV files "v2.zip", 1 file')
    expect(sourcesOf('nebius')).toEqual(['2026-09-30T00:00:00Z v2.zip nebius.csv'])
  })

  test('what the Finder puts beside a file is no document', async () => {
    const content = gpuhuntCsv(5)
    const beside = { name: '__MACOSX/._prices.csv', content: Buffer.from([0, 5, 22, 7]) }
    world.write('mac.zip', makeZip([{ name: 'prices.csv', content, day: [2026, 9, 30] }, beside]))
    await world.run('mac.zip', { backends: ['nebius'] })
    expect(world.held('nebius')).toHaveLength(5)
  })

  test.each([
    ['encrypted', { encrypted: true }, 'entry is encrypted'],
    ['packed in an unknown way', { method: 14 }, 'unsupported compression method: 14'],
    ['damaged', { packed: Buffer.from([0xff, 0xff, 0xff]) }, 'invalid block type'],
  ])('a member that is %s fails, named', async (_what, over, why) => {
    const member = { name: 'nebius.csv', content: gpuhuntCsv(5), day: [2026, 9, 30] as const }
    world.write('v2.zip', makeZip([{ ...member, ...over }]))
    expect(reportOf(await world.run('v2.zip'), 'nebius').problem).toMatchObject({
      code: 'upstream-invalid',
      message: `"v2.zip nebius.csv" cannot be unpacked: ${why}`,
    })
  })

  test('an archive of the layout with two files of one name fails: which is right is not known', async () => {
    const members = [1, 2].map((usd) => ({ name: 'nebius.csv', content: gpuhuntCsv(5, usd) }))
    world.write('v3/nebius/version', '20260819-1')
    world.write('v3/nebius/20260819-1/catalog.zip', makeZip(members))
    const { problem } = reportOf(await world.run('v3'), 'nebius')
    expect(problem?.message).toMatch(/holds more than one "nebius\.csv"$/)
  })

  test('a file that names no backend needs one, which is taken for it', async () => {
    world.write('prices.csv', skypilotCsv(2))
    await expect(world.run('prices.csv', day)).rejects.toThrow('"prices" names no backend')
    await world.run('prices.csv', { ...day, backends: ['scaleway'] })
    expect(world.held('scaleway')).toHaveLength(2)
  })

  test('files of which none names a backend give nothing, which is no success', async () => {
    world.write('all/mithril.csv', skypilotCsv(3))
    world.write('all/prices.csv', skypilotCsv(3))
    await expect(world.run('all', day)).rejects.toThrow('"mithril", "prices" name no backend')
  })

  test('a cloud that is not known is told and left out', async () => {
    world.write('all/mithril.csv', skypilotCsv(3))
    world.write('all/nebius.csv', skypilotCsv(3))
    expect(reportOf(await world.run('all', day), 'mithril')).toMatchObject({
      state: 'skipped',
      offers: 0,
      why: ['no backend that this program knows'],
    })
  })

  test('a backend that is not in it is refused with those that are', async () => {
    world.write('all/nebius.csv', skypilotCsv(3))
    world.write('all/verda.csv', skypilotCsv(3))
    await expect(world.run('all', { ...day, backends: ['oci'] })).rejects.toMatchObject({
      message: 'there is nothing of "oci" in it',
      hint: 'there is nebius, verda',
    })
  })

  test('two files of one backend are refused: which of them is right is not known', async () => {
    world.write('all/nebius.csv', gpuhuntCsv(3))
    world.write('all/nebius/vms.csv', skypilotCsv(3))
    await expect(world.run('all', day)).rejects.toThrow(
      'more than one of its files holds prices of "nebius": "all/nebius.csv", "all/nebius/vms.csv"',
    )
  })

  test.each([
    ['other.csv', 'a,b\n1,2\n'],
    ['other.json', '{}'],
    ['empty.csv', ''],
  ])('%s is refused with what was looked for', async (name, content) => {
    world.write(name, content)
    await expect(world.run(name, day)).rejects.toMatchObject({
      code: 'argument-invalid',
      message: `"${name}" is no catalog that this program knows`,
      hint: expect.stringContaining('instance_name') as string,
    })
  })

  test('nothing at all is refused', async () => {
    await expect(world.run('absent.csv')).rejects.toThrow('"absent.csv" is no file or folder')
    await expect(world.run('ftp://me:secret@host/aws.csv?key=secret')).rejects.toThrow(
      '"ftp://host/aws.csv" is no file or folder',
    )
  })
})

describe('catalogs of this program', () => {
  const observation = { source: 'a colleague', observedAt: '2026-10-02T08:00:00Z' }
  const offerOf = (backend: string) => ({
    id: `${backend}/eu-1/m/on-demand`,
    backend,
    region: 'eu-1',
    instanceType: {
      name: 'm',
      cpus: 2,
      memoryMib: 4096,
      gpu: null,
      gpuCount: 0,
      diskMib: null,
      architecture: null,
    },
    spot: false,
    priceNanoUsd: 5e7,
    stock: 'low' as const,
    observation,
  })

  test('a catalog file keeps stock, source and time of each offer', async () => {
    const database = openWritableCatalogFile(join(world.folder, 'theirs.sqlite'))
    for (const backend of ['nebius', 'scaleway']) {
      replaceBackend(database, { backend, offers: [offerOf(backend)], notes: ['a note'] })
    }
    database.close()
    const report = await world.run('theirs.sqlite', { backends: ['nebius'] })
    expect(report.source).toBe('catalog file of this program "theirs.sqlite"')
    expect(report.backends.map(({ backend }) => backend)).toEqual(['nebius'])
    expect(world.held('nebius')).toEqual([offerOf('nebius')])
  })

  test('prices of the future fail, since nothing later could replace them', async () => {
    const database = openWritableCatalogFile(join(world.folder, 'theirs.sqlite'))
    const seen = { ...observation, observedAt: '2050-01-01T00:00:00Z' }
    const offers = [{ ...offerOf('nebius'), observation: seen }]
    replaceBackend(database, { backend: 'nebius', offers, notes: [] })
    database.close()
    const report = await world.run('theirs.sqlite')
    expect(reportOf(report, 'nebius').problem?.message).toContain('made in the future')
  })

  test('only backends of this program are let in: a name becomes part of paths', async () => {
    const database = openWritableCatalogFile(join(world.folder, 'theirs.sqlite'))
    for (const backend of ['../../elsewhere', 'mycloud', 'nebius']) {
      replaceBackend(database, { backend, offers: [offerOf(backend)], notes: [] })
    }
    database.close()
    const report = await world.run('theirs.sqlite')
    expect(report.source).toBe(
      'catalog file of this program "theirs.sqlite" without "../../elsewhere", "mycloud", no backend of this program',
    )
    expect(report.backends.map(({ backend }) => backend)).toEqual(['nebius'])
    expect(world.held('mycloud')).toEqual([])
  })

  test('a catalog of other backends only is refused', async () => {
    const database = openWritableCatalogFile(join(world.folder, 'theirs.sqlite'))
    replaceBackend(database, { backend: 'mycloud', offers: [offerOf('mycloud')], notes: [] })
    database.close()
    await expect(world.run('theirs.sqlite')).rejects.toThrow('holds only "mycloud"')
  })

  test.each(['zzzz', '2026-10-02', '2026-10-02T08:00:00+02:00'])(
    'prices seen "%s" are refused: times are compared as texts',
    async (observedAt) => {
      const database = openWritableCatalogFile(join(world.folder, 'theirs.sqlite'))
      const offers = [{ ...offerOf('nebius'), observation: { ...observation, observedAt } }]
      replaceBackend(database, { backend: 'nebius', offers, notes: [] })
      database.close()
      await expect(world.run('theirs.sqlite')).rejects.toThrow(`were seen "${observedAt}"`)
    },
  )

  test('a snapshot is what the embedded catalog is made of, and no newer than it', async () => {
    const report = await world.run(join(import.meta.dirname, '..', '..', 'catalogs'), {
      dryRun: true,
      backends: ['packetai'],
    })
    expect(report.source).toMatch(/^snapshot of this program in /)
    expect(report.backends).toMatchObject([{ backend: 'packetai', state: 'refreshed' }])
  })
})

describe('when its prices were seen', () => {
  test('a file on disk does not tell: it is refused before anything is read', async () => {
    world.write('nebius.csv', gpuhuntCsv(12))
    await expect(world.run('nebius.csv')).rejects.toMatchObject({
      message: 'when the prices of "nebius.csv" were seen is not known',
      hint: 'say it: --observed-at 2026-05-20',
    })
  })

  test.each([['yesterday'], ['2026-02-30'], ['2027-01-01']])(
    '%s is refused',
    async (observedAt) => {
      world.write('nebius.csv', gpuhuntCsv(12))
      await expect(world.run('nebius.csv', { observedAt })).rejects.toMatchObject({
        code: 'argument-invalid',
      })
    },
  )

  test('an archive of a zone that is ahead is of now, and not of hours to come', async () => {
    const day = [2026, 11, 25] as const
    world.write('v2.zip', makeZip([{ name: 'nebius.csv', content: gpuhuntCsv(5), day }]))
    await world.run('v2.zip', { clock: newTestClock(Date.parse('2026-11-24T20:00:00Z')) })
    expect(sourcesOf('nebius')).toEqual(['2026-11-24T20:00:00Z v2.zip nebius.csv'])
  })

  test('an archive of the future fails, since nothing later could replace it', async () => {
    world.write(
      'a.zip',
      makeZip([{ name: 'nebius.csv', content: gpuhuntCsv(3), day: [2050, 1, 1] }]),
    )
    const report = await world.run('a.zip')
    expect(reportOf(report, 'nebius')).toMatchObject({ state: 'failed' })
    expect(world.held('nebius')).toEqual([])
  })
})

describe('what is held', () => {
  const put = (machines: number, usd: number, observedAt: string, over = {}) => {
    world.write('nebius.csv', gpuhuntCsv(machines, usd))
    return world.run('nebius.csv', { observedAt, ...over })
  }
  const priceNow = () => world.held('nebius').map(({ priceNanoUsd }) => Number(priceNanoUsd) / 1e9)

  test('older prices replace nothing, unless they are forced', async () => {
    await put(3, 2, '2026-10-02')
    const older = reportOf(await put(3, 1, '2026-10-01'), 'nebius')
    expect(older).toMatchObject({ state: 'skipped', observedAt: '2026-10-02T00:00:00Z' })
    expect(older.why[0]).toMatch(
      /^seen 2026-10-01T00:00:00Z, and the catalog holds prices of 2026-10-02/,
    )
    expect(priceNow()).toEqual([2, 2, 2])
    await put(3, 1, '2026-10-01', { force: true })
    expect(priceNow()).toEqual([1, 1, 1])
  })

  test('the same prices seen later are renewed', async () => {
    await put(3, 2, '2026-10-01')
    const report = reportOf(await put(3, 2, '2026-10-02'), 'nebius')
    expect(report).toMatchObject({ state: 'unchanged', observedAt: '2026-10-02T00:00:00Z' })
  })

  test('what is not believed is kept aside, and can be accepted', async () => {
    await put(20, 1, '2026-10-01')
    const doubted = reportOf(await put(5, 1, '2026-10-02'), 'nebius')
    expect(doubted).toMatchObject({
      state: 'quarantined',
      why: ['75 % of the offers held are gone'],
    })
    expect(world.held('nebius')).toHaveLength(20)
    expect(await acceptQuarantined(world.environment, 'nebius')).toBe(5)
    expect(world.held('nebius')).toHaveLength(5)
  })

  test('how much may be gone is what is set for the backend', async () => {
    await put(40, 1, '2026-10-01')
    const bounds = { nebius: { lost: 0.75 } }
    expect(reportOf(await put(10, 1, '2026-10-02', { bounds }), 'nebius').state).toBe('refreshed')
    expect(reportOf(await put(2, 1, '2026-10-03', { bounds }), 'nebius').why).toEqual([
      '80 % of the offers held are gone',
    ])
  })

  test('a file that breaks off replaces nothing', async () => {
    await put(3, 1, '2026-10-01')
    world.write('nebius.csv', `${gpuhuntCsv(3, 2)}"a quote that never ends`)
    const report = reportOf(await world.run('nebius.csv', { observedAt: '2026-10-02' }), 'nebius')
    expect(report).toMatchObject({ state: 'failed', problem: { code: 'upstream-invalid' } })
    expect(priceNow()).toEqual([1, 1, 1])
  })

  test('a dry run tells the same and writes nothing', async () => {
    const report = await put(3, 1, '2026-10-01', { dryRun: true })
    expect(reportOf(report, 'nebius')).toMatchObject({ state: 'refreshed', changes: { added: 3 } })
    expect(readdirSync(world.home)).toEqual(['work'])
  })

  test('an import and a refresh do not run at once', async () => {
    const second: Promise<unknown>[] = []
    await world.run(published, {
      backends: ['aws'],
      onFound: () => {
        second.push(world.run(published).catch((error: unknown) => error))
      },
    })
    expect(await Promise.all(second)).toMatchObject([{ code: 'refresh-locked' }])
  })
})
