/** AWS's bands of interruption come with its prices, and never at their cost. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aws } from '#backends/aws/backend'
import { endpointVariable } from '#backends/kit/endpoint'
import { knownBands } from '#cost/interruption'
import { heldOffers } from '#refresh/catalog-file'
import { refresh, type RefreshOptions } from '#refresh/refresh'
import { publicCase } from '../backends/aws/aws-case.ts'
import { aDocument, type Advice } from '../backends/aws/spot-advice.ts'
import { anInstanceType, anOffer } from '../builders.ts'
import { goodReply } from '../contract/run-importer.ts'
import { type Reply, type ScriptedServer, startServer } from '../contract/scripted-server.ts'
import { newTestClock } from '../contract/test-clock.ts'

const home = mkdtempSync(join(tmpdir(), 'dstack-offers-interruption-'))
const file = join(home, 'interruption.csv')
let server: ScriptedServer
let advised: Reply
const advise = (advice: Advice): void => {
  advised = { body: JSON.stringify(aDocument(advice)) }
}
beforeEach(async () => {
  server = await startServer((asked) =>
    asked.path.startsWith('/advisor') ? advised : goodReply(publicCase, asked),
  )
})
afterEach(async () => {
  await server.close()
  rmSync(home, { recursive: true, force: true })
})

const clock = newTestClock()
const environmentOf = () => ({ DSTACK_OFFERS_HOME: home, [endpointVariable('aws')]: server.url })

/** What is said of it. Forced: those that come with the program are more by thousands. */
const run = async (over: Partial<RefreshOptions> = {}): Promise<readonly string[]> => {
  const bounds = { aws: { firstLost: 1 } }
  const options = {
    backends: [aws],
    environment: environmentOf(),
    clock,
    force: true,
    bounds,
    ...over,
  }
  const [report] = (await refresh(options)).backends
  expect(['refreshed', 'unchanged']).toContain(report?.state)
  expect(heldOffers(join(home, 'catalog.sqlite'), 'aws').length > 0).toBe(over.dryRun !== true)
  return report?.why ?? []
}

const spotOffer = (region: string) =>
  anOffer({ spot: true, region, instanceType: anInstanceType({ name: 'm5.large' }) })

const twentyTypes = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`m${at}.large`, 1]))

describe('bands of interruption', () => {
  test('those that come stand beside the catalog, and go before those of the program', async () => {
    advise({ 'us-east-1': { 'm5.large': 3 }, 'eu-west-1': { 'm5.large': 0 } })
    expect(await run()).toEqual([])
    const { bandOf, seenOn } = knownBands(environmentOf())
    expect(['us-east-1', 'eu-west-1', 'ap-south-1'].map(spotOffer).map(bandOf)).toEqual([
      '15-20',
      '0-5',
      null,
    ])
    expect(seenOn).toBe(new Date(clock.nowMs()).toISOString().slice(0, 10))
    expect(
      server.asked.filter(({ path }) => path === '/advisor/spot-advisor-data.json').length,
    ).toBe(1)
  })

  test.each<[string, Reply, string]>([
    ['an error', { status: 404 }, 'answered HTTP 404'],
    ['no JSON', { body: '<html>' }, 'the answer is no JSON'],
    ['another shape', { body: '{"ranges":[]}' }, 'another shape than known at "spot_advisor"'],
  ])('%s leaves them, and the prices are taken all the same', async (_, reply, why) => {
    advise({ 'us-east-1': { 'm5.large': 3 } })
    await run()
    const before = readFileSync(file, 'utf8')
    advised = reply
    expect(await run()).toEqual([
      expect.stringContaining('bands of interruption stay as they were: '),
    ])
    expect((await run()).join()).toContain(why)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('many that are gone are not believed, unless they are forced', async () => {
    advise({ 'us-east-1': twentyTypes })
    await run()
    advise({ 'us-east-1': Object.fromEntries(Object.entries(twentyTypes).slice(0, 15)) })
    expect(await run({ force: false })).toEqual([
      'bands of interruption stay as they were: 25 % of those held are gone',
    ])
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(22)
    expect(await run()).toEqual([])
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(17)
  })

  test('against those of the program too, where none were fetched', async () => {
    advise({ 'us-east-1': twentyTypes })
    expect((await run({ force: false })).join()).toMatch(
      /^bands .* (99|100) % of those held are gone$/,
    )
    expect(existsSync(file)).toBe(false)
  })

  test('the same are not written anew within a day, and dated anew after it', async () => {
    advise({ 'us-east-1': twentyTypes })
    await run()
    const { ino } = statSync(file)
    await run({ force: false })
    expect(statSync(file).ino).toBe(ino)
    clock.advance(25 * 60 * 60 * 1000)
    await run({ force: false })
    expect(statSync(file).ino).not.toBe(ino)
  })

  test('a dry run writes none', async () => {
    advise({ 'us-east-1': { 'm5.large': 3 } })
    expect(await run({ dryRun: true })).toEqual([])
    expect(existsSync(file)).toBe(false)
  })

  test('a file that was spoilt is replaced by the next', async () => {
    advise({ 'us-east-1': twentyTypes })
    await run()
    const sound = readFileSync(file, 'utf8')
    writeFileSync(file, 'half of a li')
    expect(() => knownBands(environmentOf())).toThrow(/the header is not/)
    await run()
    expect(readFileSync(file, 'utf8')).toBe(sound)
  })
})
