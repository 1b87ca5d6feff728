/** The example that feeds a plan to another provisioner, as somebody would run it. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Attempt, launchFirst, type Outcome } from '../../examples/feed-a-provisioner.ts'
import { run } from '../cli/world.ts'
import { smallCatalog } from '../e2e/small-catalog.ts'

const example = 'examples/feed-a-provisioner.ts'
const folder = mkdtempSync(join(tmpdir(), 'feed-'))
const [plan, provisioner, heard] = ['plan.json', 'provision.sh', 'heard'].map((name) =>
  join(folder, name),
) as [string, string, string]

beforeAll(async () => {
  const words = ['plan', '--gpu', 'A100', '-n', '4']
  const { stdout } = await run(words, {
    openCatalog: smallCatalog(),
    environment: { DSTACK_OFFERS_HOME: folder },
  })
  writeFileSync(plan, stdout)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A provisioner that writes down what it is given, then answers. */
const feed = (answer: string) => {
  writeFileSync(heard, '')
  writeFileSync(
    provisioner,
    `#!/bin/sh\nattempt=$(cat)\necho "$attempt" >> '${heard}'\ncase "$attempt" in ${answer} esac\n`,
  )
  chmodSync(provisioner, 0o755)
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', example, plan, provisioner])
  const lines = readFileSync(heard, 'utf8').trim().split('\n')
  return { status, attempts: lines.map((line) => JSON.parse(line) as Attempt) }
}

test('is short', () => {
  expect(readFileSync(example, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(60)
})

test('goes to the next attempt where there is no capacity, in the order of the plan', () => {
  const planned = (JSON.parse(readFileSync(plan, 'utf8')) as { attempts: readonly Attempt[] })
    .attempts
  const { status, attempts } = feed('*\'"backend":"azure"\'*) exit 0;; *) exit 75;;')
  expect(status).toBe(0)
  expect(attempts).toEqual(planned.slice(0, attempts.length))
  expect(attempts.map(({ backend }) => backend)).toEqual(['runpod', 'runpod', 'azure'])
})

test('ends where the provisioner fails: it may have made a machine', () => {
  const { status, attempts } = feed('*) exit 1;;')
  expect([status, attempts.length]).toEqual([1, 1])
})

test('says so where nothing has room', () => {
  const { status, attempts } = feed('*) exit 75;;')
  expect([status, attempts.length]).toEqual([1, 4])
})

test('spends nothing at a price that nobody knows', () => {
  const attempt = (id: string, amount: string | null): Attempt => ({
    id,
    backend: 'gcp',
    region: null,
    instance_type: 't',
    spot: false,
    price: { amount },
  })
  const tried: string[] = []
  const provision = ({ id }: Attempt): Outcome => {
    tried.push(id)
    return 'runs'
  }
  expect(launchFirst([attempt('one', null), attempt('two', '1.5')], provision)?.id).toBe('two')
  expect(tried).toEqual(['two'])
})
