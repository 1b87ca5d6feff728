import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { isKnownGpu } from '../../scripts/embed/check.ts'
import { readSnapshot, readSnapshotManifest } from '#catalog/snapshot'
import { canonicalBackend } from '#domain/backend'
import { mibPerGb } from '#domain/memory'
import type { Offer } from '#domain/offer'
import { nanoPerUsd } from '#domain/price'

const catalogs = fileURLToPath(new URL('../../catalogs', import.meta.url))
const snapshot = readSnapshot(catalogs)
const manifest = readSnapshotManifest(catalogs)
const offers = snapshot.flatMap((backend) => backend.offers)

const usdOf = (offer: Offer): number => (offer.priceNanoUsd ?? Number.NaN) / nanoPerUsd

/** Empty is as it should be: the ids of offers that break a rule. */
const idsWhere = (broken: (offer: Offer) => boolean): string[] =>
  offers.filter(broken).map(({ id }) => id)

describe('the manifest', () => {
  test('names all backends, by names that a configuration may use', () => {
    const names = manifest.backends.map(({ backend }) => backend)
    expect(names.filter((name) => canonicalBackend(name) !== name)).toEqual([])
    expect(names).toEqual([
      'aws',
      'azure',
      'dataoorts',
      'digitalocean',
      'gcp',
      'genesiscloud',
      'gpuhub',
      'hyperstack',
      'jarvislabs',
      'lambdalabs',
      'packetai',
      'runpod',
      'vultr',
    ])
  })

  test('counts the offers that are there', () => {
    expect(manifest.backends.map(({ backend, offers }) => [backend, offers])).toEqual(
      snapshot.map(({ backend, offers }) => [backend, offers.length]),
    )
    expect(manifest.offers).toBe(offers.length)
  })

  test('accounts for every row', () => {
    const lost = manifest.backends.filter(({ rowsRead, rowsKept, rejected }) => {
      const refused = Object.values(rejected).reduce((total, rows) => total + rows, 0)
      return rowsKept + refused !== rowsRead
    })
    expect(lost).toEqual([])
  })

  test('says of every input where it is from, of which day, under which licence', () => {
    const incomplete = manifest.backends.flatMap(({ inputs }) =>
      inputs.filter(
        ({ repository, path, commit, observedOn, licence, sha256 }) =>
          !repository ||
          !path ||
          !/^\d{4}-\d\d-\d\d$/.test(observedOn) ||
          !/^(MIT|Apache-2\.0|facts)$/.test(licence) ||
          (licence !== 'facts' && !/^[0-9a-f]{7,40}$/.test(commit)) ||
          !/^[0-9a-f]{64}$/.test(sha256),
      ),
    )
    expect(incomplete).toEqual([])
  })
})

describe('every offer', () => {
  test('has a price above zero', () => {
    expect(idsWhere(({ priceNanoUsd }) => priceNanoUsd === null || priceNanoUsd <= 0)).toEqual([])
  })

  test('is there once', () => {
    expect(new Set(offers.map(({ id }) => id)).size).toBe(offers.length)
  })

  test('has vCPUs and memory', () => {
    expect(
      idsWhere(({ instanceType: { cpus, memoryMib } }) => !(cpus > 0 && memoryMib > 0)),
    ).toEqual([])
  })

  test('has a GPU of the table, or none', () => {
    expect(idsWhere(({ instanceType: { gpu } }) => gpu !== null && !isKnownGpu(gpu))).toEqual([])
  })

  test('has GPUs exactly when it names one', () => {
    expect(
      idsWhere(({ instanceType: { gpu, gpuCount } }) => (gpu === null) !== (gpuCount === 0)),
    ).toEqual([])
  })

  test('with a slice of a card has one', () => {
    expect(
      idsWhere(
        ({ instanceType: { gpu, gpuCount } }) => /-1\/\d+$/.test(gpu?.name ?? '') && gpuCount !== 1,
      ),
    ).toEqual([])
  })
})

describe('prices', () => {
  const onDemand = new Map(
    offers.filter(({ spot }) => !spot).map((offer) => [offer.id, usdOf(offer)]),
  )

  test('spot is never above on-demand', () => {
    const dearer = idsWhere(
      (offer) =>
        offer.spot &&
        usdOf(offer) > (onDemand.get(offer.id.replace(/spot$/, 'on-demand')) ?? Infinity),
    )
    expect(dearer).toEqual([])
  })

  test('spot of a GPU machine is at least 15 % of on-demand: the GPU is in it', () => {
    const bare = idsWhere(
      (offer) =>
        offer.spot &&
        offer.instanceType.gpu !== null &&
        usdOf(offer) < 0.15 * (onDemand.get(offer.id.replace(/spot$/, 'on-demand')) ?? 0),
    )
    expect(bare).toEqual([])
  })

  test('an hour costs 0.5 to 50 cents per GB of accelerator memory', () => {
    const odd = idsWhere((offer) => {
      const { gpu, gpuCount } = offer.instanceType
      if (!gpu) return false
      const usdPerGb = usdOf(offer) / gpuCount / (gpu.memoryMib / mibPerGb)
      return usdPerGb < 0.005 || usdPerGb > 0.5
    })
    expect(odd).toEqual([])
  })

  test('no large cloud sells a GPU on demand for less than 40 % of its usual price', () => {
    const large = offers.filter(
      ({ backend, spot }) => !spot && ['aws', 'azure', 'gcp'].includes(backend),
    )
    const perGpu = (offer: Offer): number => usdOf(offer) / offer.instanceType.gpuCount
    const models = new Map<string, Offer[]>()
    for (const offer of large) {
      const { gpu } = offer.instanceType
      if (!gpu) continue
      const key = `${gpu.name} ${gpu.memoryMib}`
      models.set(key, [...(models.get(key) ?? []), offer])
    }
    const cheap = [...models.values()].flatMap((sold) => {
      const sorted = sold.map(perGpu).sort((left, right) => left - right)
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0
      return sold.filter((offer) => perGpu(offer) < 0.4 * median).map(({ id }) => id)
    })
    expect(cheap).toEqual([])
  })
})
