/** A published text as offers, once it is known to be what the manifest names. */
import * as z from 'zod/mini'
import { machinesOf } from '#catalog/machines'
import type { BackendOffers } from '#catalog/replace'
import { stockLevels } from '#catalog/tables'
import { KnownError, UntrustedCatalogError } from '#domain/errors'
import { gpuVendors } from '#domain/gpu'
import { type InstanceType, type Observation, type Offer, offerId } from '#domain/offer'
import { parseUsd } from '#domain/price'
import type { PublishedBackend } from './manifest.ts'
import { count, instant } from './shapes.ts'
import { offersDigest, textDigest } from './snapshot-text.ts'

const machine = z.object({
  name: z.string().check(z.minLength(1)),
  cpus: z.number(),
  memory_mib: z.number(),
  gpu: z.nullable(
    z.object({
      name: z.string().check(z.minLength(1)),
      vendor: z.enum(gpuVendors),
      memory_mib: z.number(),
      compute_capability: z.nullable(z.tuple([count, count])),
    }),
  ),
  gpu_count: count,
  disk_mib: z.nullable(z.number()),
  architecture: z.nullable(z.enum(['x86_64', 'arm64'])),
  offers: z.array(
    z.tuple([
      z.nullable(z.string()),
      z.enum(['spot', 'on-demand']),
      z.nullable(z.string()),
      z.enum(stockLevels),
      count,
    ]),
  ),
})

const shape = z.object({
  backend: z.string(),
  importer: z.string(),
  notes: z.array(z.string()),
  observations: z.array(z.tuple([z.string(), instant])),
  machines: z.array(machine),
})

type MachineRow = z.infer<typeof machine>

const instanceTypeOf = (row: MachineRow): InstanceType => ({
  name: row.name,
  cpus: row.cpus,
  memoryMib: row.memory_mib,
  gpu: row.gpu && {
    name: row.gpu.name,
    vendor: row.gpu.vendor,
    memoryMib: row.gpu.memory_mib,
    computeCapability: row.gpu.compute_capability,
  },
  gpuCount: row.gpu_count,
  diskMib: row.disk_mib,
  architecture: row.architecture,
})

const priceOf = (usd: string | null): number | null => {
  if (usd === null) return null
  const priceNanoUsd = parseUsd(usd)
  if (priceNanoUsd === null) throw new TypeError(`"${usd}" is no price`)
  return priceNanoUsd
}

const offersOf = (
  backend: string,
  row: MachineRow,
  observations: readonly Observation[],
): readonly Offer[] => {
  const instanceType = instanceTypeOf(row)
  return row.offers.map(([region, purchase, usd, stock, place]) => {
    const observation = observations[place]
    if (!observation) throw new TypeError(`there is no observation ${place}`)
    const spot = purchase === 'spot'
    return {
      id: offerId(backend, region, instanceType.name, spot),
      backend,
      region,
      instanceType,
      spot,
      priceNanoUsd: priceOf(usd),
      stock,
      observation,
    }
  })
}

const parse = (text: string): BackendOffers => {
  const { data, error } = z.safeParse(shape, JSON.parse(text))
  if (!data) throw new TypeError(`unknown shape at "${error.issues[0]?.path.join('.') ?? ''}"`)
  const observations = data.observations.map(([source, observedAt]) => ({ source, observedAt }))
  return {
    backend: data.backend,
    importer: data.importer,
    notes: data.notes,
    offers: data.machines.flatMap((row) => offersOf(data.backend, row, observations)),
  }
}

const newestOf = (offers: readonly Offer[]): string | null => {
  let newest: string | null = null
  for (const { observation } of offers) {
    if (newest === null || observation.observedAt > newest) newest = observation.observedAt
  }
  return newest
}

/** Null where the offers are those that the manifest tells of; else what differs. */
const difference = ({ backend, offers }: BackendOffers, facts: PublishedBackend) => {
  if (backend !== facts.backend) return `it holds offers of "${backend}"`
  const digest = offersDigest(backend, machinesOf(backend, offers))
  const isAsSaid =
    digest === facts.offersDigest &&
    offers.length === facts.offers &&
    newestOf(offers) === facts.newest
  return isAsSaid ? null : 'its offers are not those that the manifest tells of'
}

/**
 * Throws UntrustedCatalogError where the text is not what the manifest names, before it is parsed;
 * and also where what was signed is no list of offers that a catalog takes.
 */
export const readSnapshot = (text: string, facts: PublishedBackend): BackendOffers => {
  const refuse = (why: string): UntrustedCatalogError =>
    new UntrustedCatalogError(`snapshot "${facts.sha256}" of "${facts.backend}": ${why}`, {
      hint: 'nothing was taken; try again later, and tell the publisher if it stays',
    })
  if (textDigest(text) !== facts.sha256) throw refuse('the text is not the one that was signed')
  try {
    const offers = parse(text)
    const why = difference(offers, facts)
    if (why === null) return offers
    throw refuse(why)
  } catch (error) {
    if (error instanceof UntrustedCatalogError) throw error
    if (error instanceof KnownError || error instanceof TypeError || error instanceof SyntaxError) {
      throw refuse(error.message)
    }
    throw error
  }
}
