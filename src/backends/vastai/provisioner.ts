/** Contracts: the container is the machine. Labels find what was made; the ask is a passing quote. */
import { type Address, isMachineNameOf, type InstancePhase, type InstanceRef } from '#domain/launch'
import type { CloudIo } from '#backends/kit/cloud-io'
import { planContainer } from '#backends/kit/container-plan'
import { nanoOfUsd } from '#backends/kit/figures'
import { machineGone } from '#backends/kit/observed'
import type {
  Created,
  LaunchPlan,
  Listed,
  Observed,
  Provisioner,
  WorkloadState,
} from '#backends/kit/provisioner'
import { readinessOf } from '#backends/kit/readiness'
import {
  containerRef,
  containerSeen,
  destroySeen,
  rentedContainerTraits,
} from '#backends/kit/rented-container'
import { ask, instancePath, instances, readInstance, readQuote, rent } from './api.ts'
import { classify, QuoteChanged } from './errors.ts'
import { launchCalls } from './launch-bodies.ts'
import { logsOf } from './logs.ts'
import { type Instance, portsMapped } from './schema.ts'

const backend = 'vastai'

/** Nobody of ours stops one: what is stopped was outbid, or has run out of credit. */
const phases: Readonly<Record<string, InstancePhase>> = {
  created: 'pending',
  loading: 'pending',
  rebooting: 'pending',
  running: 'running',
  exited: 'running',
  stopped: 'failed',
  frozen: 'failed',
}

/** Outbid: it stands still, and its disk is billed on. */
const isOutbid = ({ actual_status: status, is_bid: isBid }: Instance): boolean =>
  isBid === true && (status === 'exited' || status === 'stopped')

const phaseOf = (instance: Instance): InstancePhase => {
  if (isOutbid(instance)) return 'interrupted'
  const { actual_status: status } = instance
  return status === null ? 'pending' : (phases[status] ?? 'unknown')
}

const workloads: Readonly<Record<string, WorkloadState>> = {
  loading: { phase: 'pulling' },
  running: { phase: 'running' },
  exited: { phase: 'exited', exitCode: null, reason: 'the container has exited' },
}

/** One port is asked for: what is mapped is the service's. */
const serviceOf = ({ public_ipaddr: ip, ports }: Instance): Address | null => {
  const host = ip?.trim() ?? ''
  const mapped = portsMapped.safeParse(ports)
  if (host === '' || !mapped.success) return null
  for (const [key, bindings] of Object.entries(mapped.data)) {
    const port = Number(bindings?.[0]?.HostPort)
    if (key.endsWith('/tcp') && port > 0) return { host, port }
  }
  return null
}

const observed = (instance: Instance): Observed =>
  containerSeen({
    ref: containerRef(backend, String(instance.id)),
    name: instance.label,
    phase: phaseOf(instance),
    service: serviceOf(instance),
    workload: workloads[instance.actual_status ?? ''] ?? null,
    rateNanoUsd: nanoOfUsd(instance.dph_base),
  })

/** Hosts change prices, and bids rise: what it costs now is asked for before anything is rented. */
const checkQuote = async (io: CloudIo, { offer, calls }: LaunchPlan): Promise<number> => {
  const { name } = offer.instanceType
  const quote = await readQuote(io, name, calls[0]?.body)
  if (quote === null) throw new QuoteChanged(`the ask ${name} is there no more`)
  if (quote.direct_port_count !== null && quote.direct_port_count < 1) {
    throw new QuoteChanged(`the host of the ask ${name} opens no port`)
  }
  const nowNanoUsd = nanoOfUsd(offer.spot ? quote.min_bid : quote.dph_base)
  if (nowNanoUsd === null || nowNanoUsd > (offer.priceNanoUsd ?? 0)) {
    throw new QuoteChanged(`the price of the ask ${name} has risen`)
  }
  // A bid is paid as it was made.
  return offer.spot ? (offer.priceNanoUsd ?? nowNanoUsd) : nowNanoUsd
}

const create = async (io: CloudIo, plan: LaunchPlan): Promise<Created> => {
  const rateNanoUsd = await checkQuote(io, plan)
  const id = await rent(io, plan.offer.instanceType.name, plan.calls[1]?.body)
  return { ref: containerRef(backend, id), rateNanoUsd }
}

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  for await (const one of instances(io)) {
    if (isMachineNameOf(one.label ?? '', owner)) yield { instance: observed(one) }
  }
}

const destroy = async (io: CloudIo, ref: InstanceRef): Promise<'gone' | 'going'> => {
  const instance = await readInstance(io, ref.id)
  return destroySeen(instance && observed(instance), () =>
    ask(io, { method: 'DELETE', path: instancePath(ref.id) }),
  )
}

export const vastaiProvisioner: Provisioner = {
  traits: rentedContainerTraits,
  readiness: (environment) => readinessOf(environment, { key: ['VAST_API_KEY'] }),
  verify: async (io) => {
    await ask(io, { method: 'GET', path: '/api/v1/instances/', query: { limit: '1' } })
  },
  plan: (request, offer) => planContainer('Vast.ai', request, offer, launchCalls),
  create,
  observe: async (io, ref) => {
    const instance = await readInstance(io, ref.id)
    return instance === null ? machineGone(ref) : observed(instance)
  },
  list,
  destroy,
  // Nothing is made beside a contract.
  destroySideObject: async () => 'gone',
  logs: (io, { id }, request) => logsOf(io, id, request),
  classify,
}
