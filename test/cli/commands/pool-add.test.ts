import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../world.ts'

let home = ''

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pool-add-'))
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

const start = (...words: readonly string[]) =>
  run(['pool', 'add', '--no-overlay', ...words], {
    environment: { DSTACK_OFFERS_HOME: home },
    openCatalog: () => Promise.reject(new Error('the catalog is not asked')),
  })

const runs = async () =>
  (await run(['ps', '-a'], { environment: { DSTACK_OFFERS_HOME: home } })).stdout

describe('pool add refuses', () => {
  test.each([
    ['local', 'local is there already'],
    ['simulator', 'simulator starts a container for each service'],
    ['docker', 'docker starts a container for each service'],
  ])('%s, which keeps no machine', async (name, reason) => {
    const { code, stderr } = await start('-b', name, '-y')
    expect(stderr).toContain(reason)
    expect(code).toBe(5)
    expect(await runs()).toBe('No runs.\n')
  })

  test('a machine that would go at once', async () => {
    const { code, stderr } = await start('-b', 'aws', '--idle-duration', '0s', '-y')
    expect([code, stderr.includes('"0s" would go at once')]).toEqual([2, true])
  })

  test('flags that are for runs alone', async () => {
    const { code, stderr } = await start('--reuse', '-y')
    expect([code, stderr.includes('"--reuse" is for runs')]).toEqual([2, true])
  })

  test('a backend that has no credentials here, by name', async () => {
    const { code, stderr } = await start('-b', 'aws', '-y')
    expect([code, stderr.includes('nothing can be launched here at "aws"')]).toEqual([5, true])
  })
})
