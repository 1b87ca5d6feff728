/** `run --plan`: what a plan was made for, and at most what it says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openCatalog } from '#api/catalog'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { anOffer } from '../builders.ts'
import { run } from '../world.ts'

const home = mkdtempSync(join(tmpdir(), 'run-plan-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const service =
  'type: service\ncommands: [serve]\nport: 8000\nresources:\n  cpu: 1..\n  memory: 1GB..\n'

/** On-demand: the simulator asks 0.0376, 0.04 and 0.0432 for these, whatever the hour. */
const offered = (region: string, priceNanoUsd: number) =>
  anOffer({
    backend: 'simulator',
    region,
    priceNanoUsd,
    instanceType: { name: 'sim.cpu2', cpus: 2, memoryMib: 4096 },
  })

const path = join(home, 'catalog.sqlite')
const offers = [
  offered('sim-north', 37_600_000),
  offered('sim-east', 39_999_999),
  offered('sim-west', 50_000_000),
]
const database = openWritableCatalogFile(path)
replaceBackend(database, { backend: 'simulator', offers, notes: [] })
database.close()

const environment = { DSTACK_OFFERS_HOME: home, NO_COLOR: '1' }

const prices = (percent: number): Readonly<Record<string, string>> => ({
  '.dstack/prices.yml': `rules: [{ name: ours, selector: { backends: [aws] }, discount: ${percent}% }]\n`,
})

const command = (words: readonly string[], files: Readonly<Record<string, string>>) =>
  run(words, {
    environment,
    files: { 'serve.dstack.yml': service, ...files },
    openCatalog: async () => openCatalog({ environment, path }),
  })

const planned = async (files: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { code, stdout } = await command(['plan', 'serve.dstack.yml', '-b', 'simulator'], files)
  expect(code).toBe(0)
  return stdout
}

const dryRun = (plan: string, files: Readonly<Record<string, string>> = {}) =>
  command(['run', 'serve.dstack.yml', '-b', 'simulator', '--plan', 'plan.json', '--dry-run'], {
    'plan.json': plan,
    ...files,
  })

const tried = (stdout: string): readonly string[] =>
  [...stdout.matchAll(/"offer": "(simulator\/[^"]+)",\n *"refusal"/g)].map(([, id = '']) => id)

test('tries what the plan tries, in its order, and nothing that has become dearer', async () => {
  const { code, stdout } = await dryRun(await planned())
  expect(code).toBe(0)
  expect(tried(stdout)).toEqual([
    'simulator/sim-north/sim.cpu2/on-demand',
    'simulator/sim-west/sim.cpu2/on-demand',
  ])
})

test('another configuration is another plan', async () => {
  const files = { 'serve.dstack.yml': service.replace('[serve]', '[serve --faster]') }
  const { code, stdout, stderr } = await dryRun(await planned(), files)
  expect([code, stdout]).toEqual([8, ''])
  expect(stderr).toBe('plan.json: the configuration differs\n')
})

test('so are other prices of ones own, also where no catalog is asked', async () => {
  const { code, stderr } = await dryRun(await planned(prices(10)), prices(20))
  expect(code).toBe(8)
  expect(stderr).toContain('the own prices differ')
  expect((await dryRun(await planned(prices(10)))).code).toBe(8)
  expect((await dryRun(await planned(), prices(10))).code).toBe(8)
  expect((await dryRun(await planned(prices(10)), prices(10))).code).toBe(0)
})

test('a plan that was edited is none', async () => {
  const plan = await planned()
  const edited = plan.replace('"0.0376"', '"9.99"')
  expect(edited).not.toBe(plan)
  const { code, stderr } = await dryRun(edited)
  expect(code).toBe(8)
  expect(stderr).toContain('the plan was edited')
})

test('where all has become dearer, nothing is tried', async () => {
  const words = ['plan', 'serve.dstack.yml', '-r', 'sim-east']
  const { stdout: plan } = await command(words, {})
  const { code, stdout, stderr } = await dryRun(plan)
  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toContain('of the plan, at its prices or below')
})

test('what is no plan is wrong input', async () => {
  const { code, stderr } = await dryRun('{}')
  expect(code).toBe(2)
  expect(stderr).toContain('"plan.json" is no plan')
})
