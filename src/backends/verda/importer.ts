/** Types, and where each is in stock, on demand and as spot: types alone are sold almost nowhere. */
import type { InstanceType } from '#domain/offer'
import { architectureOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { mibOfGib, nanoOfUsd } from '#backends/kit/figures'
import { type Gathering, newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { readinessOf } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import {
  type Availability,
  availabilityAnswer,
  instanceTypesAnswer,
  tokenAnswer,
  type VerdaType,
} from './schema.ts'

export interface VerdaPage extends ImportPage {
  readonly types: readonly VerdaType[]
  readonly onDemand: readonly Availability[]
  readonly spot: readonly Availability[]
}

const list = 'instance types'

const authorise = async (io: ImportIo): Promise<Readonly<Record<string, string>>> => {
  const value = await io.json({
    path: '/v1/oauth2/token',
    secretJson: {
      grant_type: 'client_credentials',
      client_id: io.credentials['id'],
      client_secret: io.credentials['secret'],
    },
  })
  return { authorization: `Bearer ${readWire(tokenAnswer, value, 'verda token').access_token}` }
}

async function* fetchPages(io: ImportIo): AsyncGenerator<VerdaPage> {
  const secretHeaders = await authorise(io)
  const get = (path: string, query: Readonly<Record<string, string>>) =>
    io.json({ path: `/v1${path}`, query, secretHeaders })
  const types = readWire(
    instanceTypesAnswer,
    await get('/instance-types', { currency: 'usd' }),
    'verda instance types',
  )
  const onDemand = readWire(
    availabilityAnswer,
    await get('/instance-availability', { is_spot: 'false' }),
    'verda availability',
  )
  const spot = readWire(
    availabilityAnswer,
    await get('/instance-availability', { is_spot: 'true' }),
    'verda spot availability',
  )
  yield {
    types: types.rows,
    onDemand: onDemand.rows,
    spot: spot.rows,
    malformed: [...types.malformed, ...onDemand.malformed, ...spot.malformed],
    observation: io.observation,
    account: wholeList(list, types.count),
  }
}

/** The memory told is of all accelerators together. */
const acceleratorsOf = (type: VerdaType) => {
  const count = type.gpu.number_of_gpus
  if (count === 0) return noAccelerators
  const memoryMib = (type.gpu_memory.size_in_gigabytes * 1024) / count
  const gpu = gpuOf(type.model ?? '', memoryMib) ?? gpuOf(type.name ?? '', memoryMib)
  return gpu === null ? null : { gpu, gpuCount: count }
}

const machineOf = (type: VerdaType): InstanceType | string => {
  const accelerators = acceleratorsOf(type)
  if (accelerators === null) return 'no known model of accelerator'
  const memoryMib = mibOfGib(type.memory.size_in_gigabytes)
  if (memoryMib === null || !(type.cpu.number_of_cores > 0)) return 'no vCPU or no memory'
  return {
    name: type.instance_type,
    cpus: type.cpu.number_of_cores,
    memoryMib,
    ...accelerators,
    diskMib: null,
    architecture: architectureOf(accelerators.gpu),
  }
}

const regionsOf = (availabilities: readonly Availability[], name: string): readonly string[] =>
  availabilities
    .filter((one) => one.availabilities.includes(name))
    .map(({ location_code: region }) => region)

const addType = (
  gathering: Gathering,
  instanceType: InstanceType,
  usd: string | number | null,
  sale: { readonly spot: boolean; readonly regions: readonly string[] },
): void => {
  const { spot, regions } = sale
  const common = { instanceType, spot, priceNanoUsd: nanoOfUsd(usd) }
  for (const region of regions) gathering.offer({ ...common, region, stock: 'low' })
  // A spot price is told for types that are never sold as spot: without stock it is no offer.
  if (regions.length === 0 && !spot) gathering.offer({ ...common, region: null, stock: 'none' })
}

const toOffers = (page: VerdaPage): PageOffers => {
  const gathering = newGathering('verda', page.observation, page.malformed)
  for (const type of page.types) {
    const machine = machineOf(type)
    const name = type.instance_type
    if (typeof machine === 'string') gathering.reject(machine, name)
    else if (type.currency.toLowerCase() !== 'usd') gathering.reject('not in dollars', name)
    else {
      const onDemand = { spot: false, regions: regionsOf(page.onDemand, name) }
      addType(gathering, machine, type.price_per_hour, onDemand)
      addType(gathering, machine, type.spot_price, {
        spot: true,
        regions: regionsOf(page.spot, name),
      })
    }
  }
  return gathering.end()
}

export const verdaImporter: Importer<VerdaPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 3600,
    limit: { intervalMs: 500, atOnce: 1 },
    gives: { spot: true, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
  },
  readiness: (environment) =>
    readinessOf(environment, {
      id: ['VERDA_CLIENT_ID', 'DATACRUNCH_CLIENT_ID'],
      secret: ['VERDA_CLIENT_SECRET', 'DATACRUNCH_CLIENT_SECRET'],
    }),
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'suspicious' }),
}
