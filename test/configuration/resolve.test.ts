import { describe, expect, test } from 'vitest'
import { readOverrides } from '#configuration/overrides'
import { readProfiles } from '#configuration/profiles'
import { readConfiguration } from '#configuration/read'
import { resolve } from '#configuration/resolve'
import { ArgumentError } from '#domain/errors'
import { caught } from './caught.ts'

const read = (lines: string, head = 'type: service\ncommands: [x]\nport: 80\n') =>
  readConfiguration(`${head}${lines}\n`, { file: 'a.dstack.yml' })

const requirements = (lines: string, flags = {}) =>
  resolve({ configuration: read(lines), overrides: readOverrides(flags) }).requirements

describe('precedence', () => {
  const [profile] = readProfiles(
    'profiles: [{name: p, regions: [p], max_price: 1, spot_policy: spot, backends: [aws]}]',
    { file: 'profiles.yml' },
  )

  test('is command line, configuration, profile, default', () => {
    const { requirements, keys } = resolve({
      configuration: read('regions: [c]\nspot_policy: on-demand\nbackends: []'),
      profile: profile ?? null,
      overrides: readOverrides({ regions: ['f'] }),
    })
    expect(requirements).toMatchObject({
      regions: ['f'],
      spot: false,
      backends: [],
      maxPriceNanoUsd: 1e9,
      instanceTypes: null,
    })
    expect(keys.creationPolicy).toBe('reuse-or-create')
  })
})

describe('defaults', () => {
  test('depend on the type', () => {
    const of = (text: string) => resolve({ configuration: read('', text) }).keys
    expect(of('type: service\nimage: x\nport: 80')).toMatchObject({
      spotPolicy: 'auto',
      maxDuration: 'off',
      terminationIdleTimeSeconds: 300,
      retryPolicy: { retry: false, durationSeconds: null },
    })
    expect(of('type: task\nimage: x')).toMatchObject({ spotPolicy: 'auto', maxDuration: 259_200 })
    expect(of('type: dev-environment\nide: vscode')).toMatchObject({
      spotPolicy: 'on-demand',
      maxDuration: 21_600,
    })
  })

  test('of flags alone ask for nothing', () => {
    const { requirements } = resolve({ configuration: null })
    expect(requirements).toEqual({
      cpu: { min: 0, max: null },
      memoryMib: { min: 0, max: null },
      diskMib: null,
      gpu: null,
      spot: null,
      maxPriceNanoUsd: null,
      backends: null,
      regions: null,
      instanceTypes: null,
    })
  })
})

describe('backends', () => {
  test('get their own names, each once', () => {
    const text = 'backends: [lambda, lambdalabs, datacrunch, remote, dstack]'
    expect(requirements(text).backends).toEqual(['lambdalabs', 'verda', 'ssh', 'dstack'])
  })
})

describe('makers of GPUs', () => {
  const makers = (lines: string) => requirements(lines).gpu?.vendors

  test('are NVIDIA where the default image runs and no name is given, else those of GPUs', () => {
    expect(makers('resources: {gpu: 24GB}')).toEqual(['nvidia'])
    expect(makers("image: ''\nresources: {gpu: 24GB}")).toEqual(['nvidia'])
    expect(makers('image: x\nresources: {gpu: 24GB}')).toEqual(['nvidia', 'amd'])
    expect(requirements('').gpu).toBeNull()
    const flags = readOverrides({ gpu: '24GB' })
    expect(resolve({ configuration: null, overrides: flags }).requirements.gpu?.vendors).toEqual([
      'nvidia',
      'amd',
    ])
  })

  test('are left to a name', () => {
    expect(makers('resources: {gpu: MI300X}')).toBeNull()
    expect(makers('image: x\nresources: {gpu: v5litepod-8}')).toBeNull()
  })
})

describe('counts of GPUs', () => {
  const count = (gpu: string) => requirements(`resources: {gpu: ${gpu}}`).gpu?.count

  test('start at 0 where a machine without any will do', () => {
    expect(count('0')).toEqual({ min: 0, max: 0 })
    expect(count('..2')).toEqual({ min: 0, max: 2 })
    expect(count('..24GB:..2')).toEqual({ min: 0, max: 2 })
    expect(count('24GB:..2')).toEqual({ min: null, max: 2 })
    expect(count('A100:..2')).toEqual({ min: null, max: 2 })
  })
})

describe('the command line', () => {
  test('changes the fields of a GPU demand it names, and replaces the rest whole', () => {
    const flags = { gpu: 'A100:2', cpu: '8..', memory: '64GB..', disk: '200GB', spot: true }
    expect(requirements('resources: {gpu: 24GB}\nregions: [a]', flags)).toMatchObject({
      gpu: { names: ['A100'], count: { min: 2, max: 2 }, memoryMib: { min: 24_576, max: 24_576 } },
      cpu: { min: 8, max: null },
      memoryMib: { min: 65_536, max: null },
      diskMib: { min: 204_800, max: 204_800 },
      spot: true,
      regions: ['a'],
    })
  })

  test('is checked as a whole', () => {
    const flags = { gpu: ':', disk: '20GB', backends: ['awz'], spot: true, spotPolicy: 'x' }
    const { message } = caught(ArgumentError, () => readOverrides(flags))
    for (const part of ['5 arguments', '--gpu', '--disk', '--backend', '"aws"', '--spot-policy'])
      expect(message).toContain(part)
  })

  test.each([
    [{ retry: true, retryDuration: '1h' }],
    [{ pool: 'a', reuse: true }],
    [{ maxPrice: '0' }],
    [{ idleDuration: 'bogus' }],
    [{ env: ['1A=x'] }],
  ])('%j is refused', (flags) => {
    expect(() => readOverrides(flags)).toThrow(ArgumentError)
  })

  test('sets every key', () => {
    expect(
      readOverrides({
        retryDuration: '1h',
        dontDestroy: true,
        maxDuration: 'off',
        env: ['A=1', 'B'],
      }),
    ).toMatchObject({
      keys: {
        retryPolicy: { retry: true, durationSeconds: 3600 },
        terminationPolicy: 'dont-destroy',
        maxDuration: 'off',
      },
      env: new Map<string, object>([
        ['A', { value: '1' }],
        ['B', { required: true }],
      ]),
    })
    expect(readOverrides({ noRetry: true }).keys.retryPolicy?.retry).toBe(false)
  })
})
