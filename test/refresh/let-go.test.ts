/** Machines of one's own whose inventory is configured away, beside backends that merely lack something. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digitalocean } from '#backends/digitalocean/backend'
import type { Backend } from '#backends/kit/importer'
import { kubernetes } from '#backends/kubernetes/backend'
import { ssh } from '#backends/ssh/backend'
import { priceRecord } from '#history/price-record'
import { historyPlaces } from '#history/location'
import type { Offer } from '#domain/offer'
import { heldOffers, putBackend } from '#refresh/catalog-file'
import { printBackendReport } from '#refresh/print'
import { refresh } from '#refresh/refresh'
import { outcomeOf } from '#refresh/report'
import { anOffer } from '../builders.ts'
import { newTestClock } from '../contract/test-clock.ts'
import { answerOf, nodesWith, writeKubeconfig } from '../backends/kubernetes/cluster-case.ts'
import { startServer } from '../contract/scripted-server.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dstack-offers-let-go-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const hostsFile = (): string => join(home, 'hosts.yml')
const writeHosts = (): void =>
  writeFileSync(
    hostsFile(),
    JSON.stringify({
      hosts: ['box-1', 'box-2'].map((name) => ({
        name,
        address: '192.0.2.7',
        user: 'me',
        identity_file: '~/.ssh/key',
        cpus: 16,
        memory_gb: 64,
      })),
    }),
  )

const held = (backend: string): readonly Offer[] =>
  heldOffers(join(home, 'catalog.sqlite'), backend)

const run = async (
  backend: Backend,
  over: Readonly<Record<string, string>> = {},
  dryRun = false,
) => {
  const environment = { DSTACK_OFFERS_HOME: home, HOME: home, ...over }
  const options = { backends: [backend], clock: newTestClock(), environment, dryRun }
  const report = await refresh(options)
  const [own] = report.backends
  if (own === undefined) throw new Error('no report')
  return { ...own, outcomes: [outcomeOf(report, false), outcomeOf(report, true)] }
}

test('hosts go with their file, and the report says so', async () => {
  writeHosts()
  await run(ssh)
  rmSync(hostsFile())
  const dry = await run(ssh, {}, true)
  expect(dry.why).toContain('its 2 offers would be taken out of the catalog')
  expect(held('ssh')).toHaveLength(2)
  const report = await run(ssh)
  expect(report).toMatchObject({
    state: 'skipped',
    why: ['missing DSTACK_OFFERS_SSH_HOSTS', 'its 2 offers were taken out of the catalog'],
    changes: { added: 0, removed: 2, priced: 0 },
    observedAt: null,
    outcomes: ['done', 'credentials'],
  })
  expect(printBackendReport(report)).toContain('2 gone')
  expect(held('ssh')).toEqual([])
  expect((await run(ssh)).why).toEqual(['missing DSTACK_OFFERS_SSH_HOSTS'])
  writeHosts()
  expect(await run(ssh)).toMatchObject({ state: 'refreshed', changes: { added: 2 } })
})

test('a file that is named and not there is a fault, and takes nothing away', async () => {
  writeHosts()
  await run(ssh)
  rmSync(hostsFile())
  const report = await run(ssh, { DSTACK_OFFERS_SSH_HOSTS: hostsFile() })
  expect(report).toMatchObject({ state: 'failed', changes: null })
  expect(held('ssh')).toHaveLength(2)
})

test('nodes go once no kubeconfig is named, and stay where the one named is not there', async () => {
  const nodes = nodesWith(() => ({}))
  const server = await startServer((asked) => answerOf({ nodes, pods: [] }, asked))
  try {
    const KUBECONFIG = join(home, 'config')
    writeKubeconfig(KUBECONFIG, server.url)
    const count = (await run(kubernetes, { KUBECONFIG })).offers
    expect(count).toBeGreaterThan(0)
    rmSync(KUBECONFIG)
    expect(await run(kubernetes, { KUBECONFIG })).toMatchObject({ state: 'failed', changes: null })
    expect(held('kubernetes')).toHaveLength(count)
    expect(await run(kubernetes)).toMatchObject({ state: 'skipped', changes: { removed: count } })
    expect(held('kubernetes')).toEqual([])
  } finally {
    await server.close()
  }
})

/** Puts one offer there under the name of an importer. */
const put = (backend: string, importer: string): void => {
  const environment = { DSTACK_OFFERS_HOME: home }
  const record = priceRecord(historyPlaces(environment), () => 0)
  const offers = [anOffer({ backend })]
  putBackend(join(home, 'catalog.sqlite'), { backend, offers, notes: [], importer }, record)
}

test('a backend that lacks credentials keeps its offers, with their age', async () => {
  put('digitalocean', 'importer digitalocean of dstack-offers 0.0.1')
  expect(await run(digitalocean)).toMatchObject({ state: 'skipped', changes: null })
  const [offer] = held('digitalocean')
  expect(offer?.observation).toEqual(anOffer().observation)
})

test('hosts that came from others are not let go for want of a file here', async () => {
  put('ssh', 'importer of catalogs of dstack-offers 0.0.1')
  expect(await run(ssh)).toMatchObject({ state: 'skipped', changes: null })
  expect(held('ssh')).toHaveLength(1)
})
