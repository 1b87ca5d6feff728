import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigurationError } from '#domain/errors'
import { systemFiles } from '#platform/files'
import { loadSettings, readSettings, withEndpoints } from '#refresh/settings'
import { run } from '../cli/world.ts'
import { newWorld, type World } from './world.ts'

const backends = ['azure', 'lambdalabs', 'vastai', 'vultr']
const read = (text: string) => readSettings(text, { file: 'refresh.yml', backends })

const problemsOf = (text: string): readonly string[] => {
  try {
    read(text)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.problems.map(({ position, message }) => `${position?.line}: ${message}`)
  }
  throw new Error('it reads')
}

test('addresses and bounds, of the backends that are named', () => {
  expect(
    read(`
backends:
  vastai:
    endpoint: https://mirror.example/vast
    bounds: {lost: 90%, first_lost: 1, moved: 0.5, shifted: 3, first_shifted: 10, jumped: 50, usd_per_gpu_hour: 0.01..40}
  lambda:
    bounds: {implausible: 1%, unreadable: 0, mib_per_cpu: 256..65536}
  azure:
    hosts: {login: "https://login.example/{region}"}
`),
  ).toEqual({
    endpoints: {
      DSTACK_OFFERS_ENDPOINT_VASTAI: 'https://mirror.example/vast',
      DSTACK_OFFERS_ENDPOINT_AZURE_LOGIN: 'https://login.example/{region}',
    },
    bounds: {
      vastai: {
        lost: 0.9,
        firstLost: 1,
        moved: 0.5,
        shifted: 3,
        firstShifted: 10,
        jumped: 50,
        usdPerGpuHour: [0.01, 40],
      },
      lambdalabs: { implausible: 0.01, unreadable: 0, mibPerCpu: [256, 65536] },
      azure: {},
    },
  })
  expect(read('')).toEqual({ endpoints: {}, bounds: {} })
})

test('everything that is wrong is told at once, with its line', () => {
  const problems = problemsOf(`
backends:
  vastia: {}
  azure:
    endpoint: ftp://host
    bounds:
      lost: 120%
      shifted: 0.5
      usd_per_gpu_hour: 40..1
      lots: 1
`)
  expect(problems).toEqual([
    '3: "vastia" is no backend whose prices can be fetched',
    expect.stringMatching(/^5: it is no http or https address/),
    '7: "120%" is no share',
    '8: "0.5" is no factor',
    '9: "40..1" is no range',
    '10: key "lots" is unknown',
  ])
})

test('euro rates may come from elsewhere too', () => {
  expect(read('backends: {ecb: {endpoint: "https://rates.example"}}').endpoints).toEqual({
    DSTACK_OFFERS_ENDPOINT_ECB: 'https://rates.example',
  })
})

test('a variable goes before the file, an empty one does not', () => {
  const endpoints = { DSTACK_OFFERS_ENDPOINT_VULTR: 'https://file' }
  const key = 'DSTACK_OFFERS_ENDPOINT_VULTR'
  expect(withEndpoints({ [key]: 'https://mine' }, { endpoints })[key]).toBe('https://mine')
  expect(withEndpoints({ [key]: ' ' }, { endpoints })[key]).toBe('https://file')
})

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

test('a refresh asks where the file says, within its bounds', async () => {
  mkdirSync(world.home, { recursive: true })
  const bounds = 'bounds: {usd_per_gpu_hour: 0.01..0.02}'
  writeFileSync(
    join(world.home, 'refresh.yml'),
    `backends:\n  vultr: {endpoint: "${world.servers.vultr.url}", ${bounds}}\n`,
  )
  const environment = { DSTACK_OFFERS_HOME: world.home }
  const loaded = loadSettings(systemFiles, environment, backends)
  const report = await world.run({
    environment: withEndpoints(environment, loaded),
    bounds: loaded.bounds,
    backends: [(await import('#backends/vultr/backend')).vultr],
  })
  expect(world.servers.vultr.asked.length).toBeGreaterThan(0)
  expect(report.backends[0]?.state).toBe('quarantined')
  expect(report.backends[0]?.why.join()).toContain('USD per GPU-hour')
})

test('a file that does not read ends the command before anything is asked', async () => {
  const { code, stderr } = await run(['catalog', 'refresh', '-b', 'vultr'], {
    environment: world.environment,
    files: { [join(world.home, 'refresh.yml')]: 'backends: {vultr: {bounds: {lost: many}}}\n' },
  })
  expect(code).toBe(2)
  expect(stderr).toContain('"many" is no share')
  expect(stderr).toContain('refresh.yml:1')
  expect(world.servers.vultr.asked).toEqual([])
})
