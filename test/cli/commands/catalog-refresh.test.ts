import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newWorld, type World } from '../../refresh/world.ts'
import { run, type Run } from '../world.ts'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

const refresh = (...words: readonly string[]): Promise<Run> =>
  run(['catalog', 'refresh', ...words], { environment: world.environment })

describe('catalog refresh', () => {
  test('says a line of each backend, and the catalog of the user has what came', async () => {
    const { code, stdout } = await refresh('-b', 'vultr', '-b', 'cloudrift')
    expect([code, stdout.split('\n').length]).toEqual([0, 3])
    expect(stdout).toMatch(/^vultr +refreshed +\d+ offers, /m)
    expect(world.held('vultr').length).toBeGreaterThan(0)
  })

  test('a dry run changes nothing', async () => {
    expect((await refresh('-b', 'vultr', '--dry-run')).code).toBe(0)
    expect(world.held('vultr')).toEqual([])
  })

  test('a report as JSON, and nothing else on standard output', async () => {
    const { code, stdout, stderr } = await refresh('-b', 'cloudrift', '-o', 'json')
    const report = JSON.parse(stdout) as Record<string, unknown>
    expect([code, report['kind'], report['format_version']]).toEqual([0, 'refresh', '1.0'])
    expect(report['backends']).toMatchObject([{ backend: 'cloudrift', state: 'refreshed' }])
    expect(stderr).toMatch(/^cloudrift +refreshed/)
  })

  test('a source that fails is 5, and the others come all the same', async () => {
    world.script.vultr = () => ({ status: 404, body: '{}' })
    const { code, stdout } = await refresh('-b', 'vultr', '-b', 'cloudrift')
    expect(code).toBe(5)
    expect(stdout).toMatch(/^vultr +failed/m)
    expect(stdout).toMatch(/^cloudrift +refreshed/m)
  })

  test('a backend asked for by name without credentials is 7, with their names', async () => {
    const { code, stdout } = await refresh('-b', 'lambda')
    expect(code).toBe(7)
    expect(stdout).toContain('LAMBDA_API_KEY')
  })

  test.each([
    [['--jitter', '9s'], '--jitter goes with --schedule'],
    [['--health-file', 'health.json'], '--health-file goes with --schedule'],
  ])('%o alone is 2, and asks nobody', async (words, message) => {
    const { code, stderr } = await refresh('-b', 'vultr', ...words)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
    expect(world.servers.vultr.asked).toHaveLength(0)
  })

  test('a backend asked for twice, or by two of its names, is asked once', async () => {
    const { stdout } = await refresh('-b', 'vultr', '-b', 'vultr', '--dry-run')
    expect(stdout.match(/^vultr/gm)).toHaveLength(1)
    const { stdout: lambda } = await refresh('-b', 'lambda', '-b', 'lambdalabs')
    expect(lambda.match(/^lambdalabs/gm)).toHaveLength(1)
  })

  test('what a source names cannot write to the terminal', async () => {
    world.script.vultr = (_asked, good) => {
      const reply = good()
      if (typeof reply === 'string' || typeof reply.body !== 'string') return reply
      const body = reply.body
        .replaceAll('"vcg-', '"\\u202evcg-')
        .replaceAll(/"hourly_cost":[\d.]+/g, '"hourly_cost":9000')
      return { ...reply, body }
    }
    const { code, stdout } = await refresh('-b', 'vultr')
    expect(code).toBe(5)
    expect(stdout).toContain('�vcg-')
    expect(stdout).not.toContain('\u202e')
  })

  test('a backend without its -b is refused, and nothing is asked', async () => {
    for (const words of [['vultr'], ['-b', 'vultr', 'cloudrift']]) {
      const { code, stdout, stderr } = await refresh(...words)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toContain('one argument too many')
    }
    expect(world.servers.vultr.asked).toEqual([])
  })

  test.each([
    ['xterm', true],
    ['dumb', false],
  ])('on a terminal that is %s, lines are drawn over: %s', async (TERM, drawn) => {
    const environment = { ...world.environment, TERM }
    const words = ['catalog', 'refresh', '-b', 'vultr', '--dry-run']
    const { stderr } = await run(words, { environment, columns: 80 })
    expect(stderr.includes('asking …')).toBe(drawn)
  })

  test('the longest name stands apart from its state', async () => {
    const { stdout } = await refresh('-b', 'primeintellect')
    expect(stdout).toMatch(/^primeintellect skipped +missing PRIME_API_KEY$/m)
  })

  test('an unknown backend is refused with the nearest', async () => {
    const { code, stderr } = await refresh('-b', 'vulture')
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean vultr?')
  })
})

test('catalog accept: a look before it is taken', async () => {
  await refresh('-b', 'vultr')
  const before = world.held('vultr')
  world.script.vultr = (_asked, good) => {
    const reply = good()
    if (typeof reply === 'string' || typeof reply.body !== 'string') return reply
    return { ...reply, body: reply.body.replaceAll('"hourly_cost":', '"hourly_cost":9') }
  }
  expect((await refresh('-b', 'vultr')).code).toBe(5)
  const accept = (...words: readonly string[]) =>
    run(['catalog', 'accept', 'vultr', ...words], { environment: world.environment })
  const look = await accept('--dry-run')
  expect(look.code).toBe(0)
  expect(look.stdout).toMatch(
    /^vultr: \d+ offers kept aside, seen 2\S+Z; those held are of 2\S+Z$/m,
  )
  expect(look.stdout).toMatch(/^ {2}why {7}\S/m)
  expect(look.stdout).toMatch(/^ {2}repriced {2}[\d.]+ -> 9[\d.]+ {2}vultr\/\S+$/m)
  expect(world.held('vultr')).toEqual(before)
  expect((await accept()).stdout).toMatch(/^vultr: \d+ offers taken$/m)
  expect(world.held('vultr')).not.toEqual(before)
})

test('catalog accept: nothing is in quarantine', async () => {
  const { code, stderr } = await run(['catalog', 'accept', 'vultr'], {
    environment: world.environment,
  })
  expect(code).toBe(2)
  expect(stderr).toContain('nothing of "vultr" is in quarantine')
})
