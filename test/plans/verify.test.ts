import type { Json } from '#domain/json'
import { describe, expect, test } from 'vitest'
import { readConfiguration, resolve } from '#api/configuration'
import { openCatalog } from '#api/catalog'
import { makePlan, printPlan, verifyPlan, type VerifyOptions } from '#api/plans'
import { KnownError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import { canonicalText } from '#plans/canonical-json'
import { planDigest } from '#plans/plan-document'
import { readPlan } from '#plans/read-plan'
import { anOffer } from '../builders.ts'
import { seeded } from '../random.ts'
import { catalogFile } from './catalog-files.ts'

const read = (text: string) => readConfiguration(text, { file: 'serve.dstack.yml' })
const service = read('type: service\ncommands: [serve]\nport: 80\nresources: {disk: null}\n')
const requirementsOf = (configuration = service) => resolve({ configuration }).requirements

const offers = ['a', 'b', 'c'].map((region, index) =>
  anOffer({ region, priceNanoUsd: 100_000_000 * (index + 1) }),
)

const withPlan = <T>(
  before: readonly Offer[],
  after: readonly Offer[],
  use: (text: string, options: VerifyOptions) => T,
): T => {
  const files = [catalogFile(before), catalogFile(after)]
  const [planned, now] = files.map(({ path }) => openCatalog({ path }))
  if (!planned || !now) throw new TypeError('no catalogs')
  try {
    const request = { configuration: service, requirements: requirementsOf(), limit: 2 }
    const text = printPlan(makePlan({ ...request, toolVersion: '1.2.3' }, planned))
    return use(text, { file: 'plan.json', catalog: now, toolVersion: '1.2.3' })
  } finally {
    planned.close()
    now.close()
    for (const { remove } of files) remove()
  }
}

const differing = (text: string, options: VerifyOptions) =>
  verifyPlan(text, options)
    .differences.filter(({ path }) => !path.includes('digest'))
    .map(({ path, planned, derived }) => [path, planned, derived])

describe('a plan verified', () => {
  test('holds where nothing changed, asked again or not', () => {
    withPlan(offers, offers.toReversed(), (text, options) => {
      const again = { configuration: service, requirements: requirementsOf() }
      for (const request of [null, again]) {
        expect(verifyPlan(text, { ...options, request })).toMatchObject({
          holds: true,
          isIntact: true,
          isCanonical: true,
          differences: [],
        })
      }
    })
  })

  test('says which price moved', () => {
    const dearer = offers.map((offer) =>
      offer.region === 'a' ? { ...offer, priceNanoUsd: 150_000_000 } : offer,
    )
    withPlan(offers, dearer, (text, options) => {
      expect(differing(text, options)).toEqual([
        ['attempts[aws/a/m5.large/on-demand].price.amount', '0.1', '0.15'],
        ['price_range.all_replicas.min', '0.1', '0.15'],
        ['price_range.replica.min', '0.1', '0.15'],
      ])
    })
  })

  test('says which offer is new and which is gone, not that all ranks moved', () => {
    const [first] = offers
    if (!first) throw new TypeError('no offers')
    const cheaper = { ...first, ...anOffer({ region: 'z', priceNanoUsd: 1_000_000 }) }
    withPlan(offers, [...offers, cheaper], (text, options) => {
      const found = differing(text, options)
      expect(found.map(([path]) => path)).toEqual([
        'attempts[aws/b/m5.large/on-demand]',
        'attempts[aws/z/m5.large/on-demand]',
        'certificate.bound.price',
        'certificate.bound.region',
        'certificate.considered',
        'certificate.matched',
        'price_range.all_replicas.max',
        'price_range.all_replicas.min',
        'price_range.replica.max',
        'price_range.replica.min',
      ])
      expect(found[0]?.[2]).toBeUndefined()
      expect(found[1]?.[1]).toBeUndefined()
    })
  })

  test('says when the order changed', () => {
    const swapped = offers.map((offer) =>
      offer.region === 'a' ? { ...offer, priceNanoUsd: 250_000_000 } : offer,
    )
    withPlan(offers, swapped, (text, options) => {
      expect(differing(text, options)).toContainEqual([
        'attempts (order)',
        ['aws/a/m5.large/on-demand', 'aws/b/m5.large/on-demand'],
        ['aws/b/m5.large/on-demand', 'aws/a/m5.large/on-demand'],
      ])
    })
  })

  test('says what the file asks differently', () => {
    const other = read(
      'type: service\ncommands: [serve]\nport: 80\nreplicas: 2\nresources: {disk: null}\n',
    )
    withPlan(offers, offers, (text, options) => {
      const request = { configuration: other, requirements: requirementsOf(other) }
      expect(differing(text, { ...options, request })).toEqual([
        ['configuration.normalized.replicas', '1', '2'],
        ['price_range.all_replicas.max', '0.2', '0.4'],
        ['price_range.all_replicas.min', '0.1', '0.2'],
        ['replicas.max', 1, 2],
        ['replicas.min', 1, 2],
      ])
    })
  })

  test('tells another version and another overlay', () => {
    withPlan(offers, offers, (text, options) => {
      const overlayDigest = 'f'.repeat(64)
      const found = verifyPlan(text, { ...options, toolVersion: '2.0.0', overlayDigest })
      expect(found).toMatchObject({ holds: false, isIntact: true })
      expect(found.differences.map(({ path }) => path)).toEqual([
        'certificate.overlay_digest',
        'overlay',
        'tool.version',
      ])
    })
  })
})

describe('a plan edited', () => {
  const stamped = (edit: (document: ReturnType<typeof readPlan>) => void, text: string) => {
    const document = readPlan(text, 'plan.json')
    edit(document)
    return canonicalText({ ...document, digest: planDigest(document) })
  }

  test('does not have its digest', () => {
    withPlan(offers, offers, (text, options) => {
      const edited = text.replace('"amount": "0.1"', '"amount": "0.01"')
      expect(edited).not.toBe(text)
      const found = verifyPlan(edited, options)
      expect(found).toMatchObject({ holds: false, isIntact: false, isCanonical: true })
      expect(found.differences.map(({ path }) => path)).toEqual([
        'attempts[aws/a/m5.large/on-demand].price.amount',
      ])
    })
  })

  test('is not what derives, where its digest was made to fit', () => {
    withPlan(offers, offers, (text, options) => {
      const cheaper = stamped(({ attempts: [first] }) => {
        if (first) first.price.amount = '0.01'
      }, text)
      expect(verifyPlan(cheaper, options)).toMatchObject({ holds: false, isIntact: true })
      const masked = stamped(({ configuration }) => {
        if (configuration) configuration.digest = 'f'.repeat(64)
      }, text)
      expect(differing(masked, options)).toEqual([])
      expect(verifyPlan(masked, options).differences.map(({ path }) => path)).toEqual([
        'configuration.digest',
      ])
    })
  })

  test('is not in canonical form when only blanks or keys moved', () => {
    withPlan(offers, offers, (text, options) => {
      const value = JSON.parse(text) as Json
      for (const other of [JSON.stringify(value), `${text}\n`, text.replace('{', '{ ')]) {
        const found = verifyPlan(other, options)
        expect(found).toMatchObject({ holds: false, isIntact: true, isCanonical: false })
        expect(found.differences).toEqual([])
      }
    })
  })

  test('in any one byte never holds', () => {
    withPlan(offers, offers, (text, options) => {
      const random = seeded(99)
      const outcome = (edited: string): string => {
        try {
          return verifyPlan(edited, options).holds ? 'holds' : 'differs'
        } catch (error) {
          return error instanceof KnownError ? 'refused' : String(error)
        }
      }
      const outcomes = new Map<string, number>()
      for (let place = 0; place < text.length; place++) {
        const sign = random.pick('0 1 2 5 9 a b f x z " { } [ ] , :'.split(' '))
        if (text[place] === sign) continue
        const told = outcome(text.slice(0, place) + sign + text.slice(place + 1))
        outcomes.set(told, (outcomes.get(told) ?? 0) + 1)
      }
      expect([...outcomes.keys()].sort()).toEqual(['differs', 'refused'])
      expect(outcomes.get('differs')).toBeGreaterThan(100)
    })
  })
})

test.each([
  ['{', '"plan.json" is not JSON'],
  ['[]', '"plan.json" is no plan'],
  ['{"format_version": "2.0"}', '"plan.json" has format "2.0"; this program reads "1.0"'],
  ['{"format_version": "1.0"}', '"plan.json" is no plan at "kind"'],
])('%s is no plan', (text, message) => {
  withPlan(offers, offers, (_, options) => {
    expect(() => verifyPlan(text, options)).toThrow(message)
  })
})
