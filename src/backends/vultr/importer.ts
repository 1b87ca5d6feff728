import type { InstanceType } from '#domain/offer'
import { type Accelerators, architectureOf } from '#backends/kit/accelerators'
import { mibOfGib, mibOfMib, nanoOfUsd } from '#backends/kit/figures'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { alwaysReady } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { type LooseRows, readWire } from '#backends/kit/wire'
import { acceleratorsOf, metalAcceleratorsOf } from './accelerators.ts'
import { type MetalPlan, metalPlansAnswer, type Plan, plansAnswer } from './schema.ts'

export type VultrPage = ImportPage &
  (
    | { readonly kind: 'plans'; readonly plans: readonly Plan[] }
    | { readonly kind: 'metal'; readonly plans: readonly MetalPlan[] }
  )

const rowsPerPage = '500'

interface Listing {
  readonly meta: { readonly total: number; readonly links: { readonly next: string } }
}

const accountOf = (
  list: string,
  index: number,
  cursor: string,
  { count }: LooseRows<unknown>,
  { meta }: Listing,
) => ({
  list,
  index,
  key: cursor,
  rows: count,
  total: meta.total,
  cutAt: null,
  more: meta.links.next !== '',
  announces: [],
})

async function* fetchPages(io: ImportIo): AsyncGenerator<VultrPage> {
  const { observation } = io
  for (const [kind, path] of [
    ['plans', '/v2/plans'],
    ['metal', '/v2/plans-metal'],
  ] as const) {
    const seen = new Set<string>()
    for (let cursor = ''; !seen.has(cursor);) {
      seen.add(cursor)
      const query = { per_page: rowsPerPage, ...(cursor === '' ? {} : { cursor }) }
      const value = await io.json({
        path,
        query: kind === 'plans' ? { type: 'all', ...query } : query,
      })
      if (kind === 'plans') {
        const answer = readWire(plansAnswer, value, 'vultr plans')
        const { rows, malformed } = answer.plans
        const account = accountOf(kind, seen.size - 1, cursor, answer.plans, answer)
        yield { kind, plans: rows, malformed, account, observation }
        cursor = answer.meta.links.next
      } else {
        const answer = readWire(metalPlansAnswer, value, 'vultr bare-metal plans')
        const { rows, malformed } = answer.plans_metal
        const account = accountOf(kind, seen.size - 1, cursor, answer.plans_metal, answer)
        yield { kind, plans: rows, malformed, account, observation }
        cursor = answer.meta.links.next
      }
      if (cursor === '') break
    }
  }
}

const machineOf = (
  plan: Plan | MetalPlan,
  cpus: number,
  accelerators: Accelerators,
): InstanceType | null => {
  const memoryMib = mibOfMib(plan.ram)
  if (memoryMib === null || !(cpus > 0)) return null
  return {
    name: plan.id,
    cpus,
    memoryMib,
    ...accelerators,
    diskMib: mibOfGib((plan.disk ?? 0) * (plan.disk_count ?? 1)),
    architecture: architectureOf(accelerators.gpu),
  }
}

const addRegion = (
  gathering: Gathering,
  plan: Plan | MetalPlan,
  instanceType: InstanceType,
  region: string,
): void => {
  // Where a region has prices of its own, what they leave out is not known.
  const prices = plan.location_cost?.[region] ?? plan
  if (plan.deploy_ondemand !== false) {
    const priceNanoUsd = nanoOfUsd(prices.hourly_cost)
    gathering.offer({ region, instanceType, spot: false, priceNanoUsd, stock: 'unknown' })
  }
  if (plan.deploy_preemptible === true) {
    const priceNanoUsd = nanoOfUsd(prices.hourly_cost_preemptible)
    gathering.offer({ region, instanceType, spot: true, priceNanoUsd, stock: 'unknown' })
  }
}

const addPlan = (
  gathering: Gathering,
  plan: Plan | MetalPlan,
  cpus: number,
  accelerators: Accelerators | string,
): void => {
  if (typeof accelerators === 'string') return gathering.reject(accelerators, plan.id)
  if (plan.invoice_type === 'monthly') return gathering.reject('billed by the month', plan.id)
  if (plan.deploy_ondemand === false && plan.deploy_preemptible !== true) {
    return gathering.reject('cannot be deployed', plan.id)
  }
  if (plan.locations.length === 0) return gathering.reject('in no location', plan.id)
  const machine = machineOf(plan, cpus, accelerators)
  if (!machine) return gathering.reject('no vCPU or no memory', plan.id)
  for (const region of new Set(plan.locations)) addRegion(gathering, plan, machine, region)
}

const toOffers = (page: VultrPage): PageOffers => {
  const gathering = newGathering('vultr', page.observation, page.malformed)
  if (page.kind === 'plans') {
    for (const plan of page.plans) addPlan(gathering, plan, plan.vcpu_count, acceleratorsOf(plan))
  } else {
    for (const plan of page.plans) {
      addPlan(gathering, plan, plan.cpu_threads, metalAcceleratorsOf(plan))
    }
  }
  return gathering.end()
}

export const vultrImporter: Importer<VultrPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 24 * 3600,
    limit: { intervalMs: 250, atOnce: 1 },
    gives: { spot: true, stock: false, region: true },
    emptyResult: 'suspicious',
    credentials: 'none',
  },
  readiness: alwaysReady,
  fetch: fetchPages,
  toOffers,
  seal: (summary) =>
    sealPages(summary, { expected: ['plans', 'metal'], emptyResult: 'suspicious' }),
}
