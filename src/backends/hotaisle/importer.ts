import type { InstanceType } from '#domain/offer'
import { architectureOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { mibOfBytes, nanoOfCents } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { type Machine, machinesAnswer } from './schema.ts'

export interface HotaislePage extends ImportPage {
  readonly machines: readonly Machine[]
}

const list = 'machines'

/** There is one site. */
const region = 'us-michigan-1'

async function* fetchPages(io: ImportIo): AsyncGenerator<HotaislePage> {
  const team = encodeURIComponent(io.credentials['team'] ?? '')
  const value = await io.json({
    path: `/api/teams/${team}/virtual_machines/available/`,
    secretHeaders: { authorization: `Token ${io.credentials['key'] ?? ''}` },
  })
  const { rows, malformed, count } = readWire(machinesAnswer, value, 'hotaisle')
  yield {
    machines: rows,
    malformed,
    observation: io.observation,
    account: wholeList(list, count),
  }
}

const acceleratorsOf = ({ Specs: { gpus } }: Machine) => {
  const [first, second] = gpus
  if (!first) return noAccelerators
  const gpu = second || !(first.count > 0) ? null : gpuOf(first.model, undefined)
  return gpu === null ? null : { gpu, gpuCount: first.count }
}

/** Machines have no names: what they are made of is one. */
const machineOf = (machine: Machine): InstanceType | string => {
  const { cpu_cores: cpus, ram_capacity: ram, disk_capacity: disk } = machine.Specs
  const accelerators = acceleratorsOf(machine)
  if (accelerators === null) return 'no known model of accelerator'
  const memoryMib = mibOfBytes(ram)
  if (memoryMib === null || !(cpus > 0)) return 'no vCPU or no memory'
  const { gpu, gpuCount } = accelerators
  const cards = gpu === null ? '' : `${gpuCount}x ${gpu.name} `
  const diskMib = mibOfBytes(disk ?? 0)
  const sizes = [memoryMib, diskMib ?? 0].map((mib) => `${Math.round(mib / 1024)}g`)
  return {
    name: `${cards}${cpus}c ${sizes.join(' ')}`,
    cpus,
    memoryMib,
    ...accelerators,
    diskMib,
    architecture: architectureOf(gpu),
  }
}

const toOffers = (page: HotaislePage): PageOffers => {
  const gathering = newGathering('hotaisle', page.observation, page.malformed)
  for (const machine of page.machines) {
    const instanceType = machineOf(machine)
    if (typeof instanceType === 'string') gathering.reject(instanceType, 'a machine')
    else {
      const priceNanoUsd = nanoOfCents(machine.OnDemandPrice)
      gathering.offer({ region, instanceType, spot: false, priceNanoUsd, stock: 'low' })
    }
  }
  return gathering.end()
}

export const hotaisleImporter: Importer<HotaislePage> = {
  traits: {
    kind: 'market',
    ttlSeconds: 3600,
    limit: { intervalMs: 1000, atOnce: 1 },
    gives: { spot: false, stock: true, region: true },
    emptyResult: 'valid',
    credentials: 'required',
  },
  readiness: (environment) =>
    readinessOf(environment, { key: ['HOTAISLE_API_KEY'], team: ['HOTAISLE_TEAM_HANDLE'] }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'valid' }),
}
