/** An adapter with a fake cloud to speak to, over real HTTP and on a virtual clock. */
import { newCloudIo, type CloudIo, type CloudIoOptions } from '#backends/kit/cloud-io'
import { endpointOf, endpointVariable, hostsOf } from '#backends/kit/endpoint'
import type { LaunchPlan, LaunchRequest, Listed, Provisioner } from '#backends/kit/provisioner'
import { machineName, type OwnerTags, type SideObject, type Verdict } from '#domain/launch'
import type { Offer } from '#domain/offer'
import { newHttpOnce } from '#platform/http-once'
import { printInstant } from '#platform/http-time'
import { type FakeCloud, type FakeKnobs, knobsOf, startFakeCloud } from './fake-cloud.ts'
import type { ProvisionerCase } from './provisioner-case.ts'
import { newTestClock, type TestClock } from './test-clock.ts'
import { accessOf, aWorkload } from './what-runs.ts'

export interface AdapterUnderTest {
  readonly one: ProvisionerCase
  readonly provisioner: Provisioner
  readonly fake: FakeCloud
  readonly clock: TestClock
  /** What was told to be made beside machines. */
  readonly noted: SideObject[]
  /** Everything that was said to be secret. */
  readonly secrets: Set<string>
  /** `pace` is the one door of all calls, without a limit of theirs, where absent. */
  io(
    note?: (object: SideObject) => void,
    signal?: AbortSignal,
    pace?: Pick<CloudIoOptions, 'http' | 'limit'>,
  ): CloudIo
  close(): Promise<void>
}

export const limits = {
  connectMs: 2000,
  silenceMs: 5000,
  wholeMs: 10_000,
  bodyBytes: 8 * 1024 * 1024,
  streamMs: 10_000,
  streamBytes: 8 * 1024 * 1024,
}

/** What is hidden turns up within what the backend declares. */
export const knobsFor = ({ traits }: Provisioner, over: Partial<FakeKnobs> = {}): FakeKnobs =>
  knobsOf({ hiddenMs: traits.listConsistencySeconds * 1000, ...over })

export const openAdapter = async (
  one: ProvisionerCase,
  knobs: Partial<FakeKnobs> = {},
): Promise<AdapterUnderTest> => {
  const clock = newTestClock()
  const provisioner = await one.launcher.provisioner()
  const fake = await startFakeCloud(one.newModel(clock, knobsFor(provisioner, knobs)))
  const http = newHttpOnce({ limits, clock })
  const environment = { ...one.environment, [endpointVariable(one.launcher.name)]: fake.url }
  const readiness = provisioner.readiness(environment)
  if (readiness.status !== 'ready') throw new Error(`not ready: ${readiness.names.join()}`)
  const noted: SideObject[] = []
  const secrets = new Set<string>()
  return {
    one,
    provisioner,
    fake,
    clock,
    noted,
    secrets,
    io: (
      note = (object) => noted.push(object),
      signal = new AbortController().signal,
      pace = { http, limit: { atOnce: 4, intervalMs: 0 } },
    ) =>
      newCloudIo({
        ...pace,
        endpoint: endpointOf(one.launcher, environment),
        hosts: hostsOf(one.launcher, environment),
        readFile: (path) => one.readFile?.(path, fake.url) ?? null,
        note,
        sleep: (delayMs) => clock.sleep(delayMs, signal),
        instant: () => printInstant(clock.nowMs()),
        credentials: readiness.values,
        keepSecret: (value) => secrets.add(value),
        signal,
      }),
    close: async () => {
      await http.close()
      await fake.close()
    },
  }
}

export const theOwner = 'testown1'

/** Tags of an attempt by number. */
export const tagsOf = (attempt = 1, owner = theOwner): OwnerTags => ({
  owner,
  run: 'serve',
  attempt: `01jdtest${String(attempt).padStart(18, '0')}`,
  expiresAt: '2026-11-24T14:00:00Z',
})

export const requestOf = (
  { provisioner }: AdapterUnderTest,
  tags = tagsOf(),
  over: Partial<LaunchRequest> = {},
): LaunchRequest => {
  const isMachine = provisioner.traits.runtime === 'vm'
  const name = machineName(tags)
  return {
    tags,
    name,
    replica: 0,
    maxPriceNanoUsd: null,
    diskMib: null,
    workload: isMachine ? null : aWorkload,
    access: isMachine ? accessOf(name) : null,
    ...over,
  }
}

export const planOf = (
  under: AdapterUnderTest,
  offer: Offer = under.one.offers[0],
  request = requestOf(under),
): LaunchPlan => {
  const answer = under.provisioner.plan(request, offer)
  if ('refusal' in answer) throw new Error(`the plan was refused: ${answer.refusal.message}`)
  return answer.plan
}

/** How a failing call is understood; throws where it does not fail. */
export const verdictOf = async (
  { provisioner }: AdapterUnderTest,
  work: Promise<unknown>,
  during: 'verify' | 'create' | 'observe' | 'list' | 'destroy',
  spot = false,
): Promise<Verdict> => {
  const outcome = await work.then(
    () => null,
    (error: unknown) => ({ error }),
  )
  if (outcome === null) throw new Error('it did not fail')
  return provisioner.classify(outcome.error, { during, spot })
}

export const listedOf = async (
  under: AdapterUnderTest,
  owner = theOwner,
): Promise<readonly Listed[]> => {
  const all: Listed[] = []
  for await (const listed of under.provisioner.list(under.io(), owner)) all.push(listed)
  return all
}
