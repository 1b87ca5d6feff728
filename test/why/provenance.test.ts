import { expect, test } from 'vitest'
import { explainOffer } from '#why/provenance'
import { anOffer } from '../builders.ts'
import { withCatalog } from './catalog-of.ts'

const offer = anOffer()

test('an offer is explained by what its backend says and the steps of its price', () => {
  const told = withCatalog(
    [offer, anOffer({ spot: true }), anOffer({ backend: 'gcp' })],
    (catalog) => explainOffer(catalog, offer, null),
  )
  expect(told).toMatchObject({
    offer,
    notes: ['a note on aws'],
    backendOffers: 2,
    steps: [{ by: 'observed', priceNanoUsd: 96_000_000 }],
  })
  expect(told.backendDigest).toMatch(/^[0-9a-f]{64}$/)
})

test('steps after the catalog follow the observed price', () => {
  const discounted = { ...offer, priceNanoUsd: 86_400_000 }
  const step = { by: 'rule 1 of .dstack/prices.yml', priceNanoUsd: 86_400_000 }
  const overlay = { observedNanoUsd: 96_000_000, steps: [step] }
  const told = withCatalog([offer], (catalog) => explainOffer(catalog, discounted, overlay))
  expect(told.steps).toEqual([{ by: 'observed', priceNanoUsd: 96_000_000 }, step])
})

test('a backend that no catalog has is said to be in none', () => {
  const own = anOffer({ backend: 'ssh' })
  const told = withCatalog([offer], (catalog) => explainOffer(catalog, own, null))
  expect(told).toMatchObject({ notes: [], backendDigest: null, backendOffers: 0 })
})
