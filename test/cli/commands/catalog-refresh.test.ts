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

  test('an unknown backend is refused with the nearest', async () => {
    const { code, stderr } = await refresh('-b', 'vulture')
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean vultr?')
  })
})

test('catalog accept: nothing is in quarantine', async () => {
  const { code, stderr } = await run(['catalog', 'accept', 'vultr'], {
    environment: world.environment,
  })
  expect(code).toBe(2)
  expect(stderr).toContain('nothing of "vultr" is in quarantine')
})
