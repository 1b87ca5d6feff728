import { describe, expect, test } from 'vitest'
import { readConfiguration, resolve } from '#api/configuration'
import { openCatalog, type Catalog } from '#api/catalog'
import { makePlan, planJsonSchema, printPlan, toPlanDocument } from '#api/plans'
import { toOffersDocument } from '#cli/output/document'
import type { Offer } from '#domain/offer'
import { readRequirements, toRequirementsDocument } from '#plans/requirements-document'
import { readPlan } from '#plans/read-plan'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'
import { check } from '../cli/output/json-schema.ts'
import { randomRequirements, someOffers } from '../generators.ts'
import { seeded } from '../random.ts'
import { catalogFile } from './catalog-files.ts'

const withCatalog = <T>(offers: readonly Offer[], use: (catalog: Catalog) => T): T => {
  const { path, remove } = catalogFile(offers)
  const catalog = openCatalog({ path })
  try {
    return use(catalog)
  } finally {
    catalog.close()
    remove()
  }
}

const service = readConfiguration(
  `type: service
commands: [serve]
port: 8000
env: [TOKEN=s3cret, OTHER]
replicas: 2..4
scaling: {metric: rps, target: 10}
resources: {cpu: 1.., memory: 1GB.., disk: null}
`,
  { file: 'serve.dstack.yml' },
)

const task = readConfiguration('type: task\ncommands: [train]\nnodes: 3\n', {
  file: 'train.dstack.yml',
})

const offers = [
  anOffer({ region: 'dear', priceNanoUsd: 1_570_000_000 }),
  anOffer({ region: 'cheap', priceNanoUsd: 820_000_000, stock: 'low' }),
  anOffer({ region: null, priceNanoUsd: null, spot: true }),
  anOffer({
    region: 'out',
    priceNanoUsd: 1,
    stock: 'none',
    instanceType: anInstanceType({ name: 'g', gpu: aGpu(), gpuCount: 8 }),
  }),
]

const planOf = (catalog: Catalog, configuration = service, limit = 3) =>
  makePlan(
    {
      configuration,
      requirements: resolve({ configuration }).requirements,
      limit,
      toolVersion: '1.2.3',
    },
    catalog,
  )

describe('a plan', () => {
  test('holds the attempts in rank order, and what they cost', () => {
    withCatalog(offers, (catalog) => {
      const document = toPlanDocument(planOf(catalog))
      expect(document.attempts.map(({ rank, id }) => [rank, id])).toEqual([
        [1, 'aws/cheap/m5.large/on-demand'],
        [2, 'aws/dear/m5.large/on-demand'],
        [3, 'aws/?/m5.large/spot'],
      ])
      expect(document.price_range).toEqual({
        replica: { min: '0.82', max: '1.57' },
        all_replicas: { min: '1.64', max: '6.28' },
        unknown_prices: 1,
        currency: 'USD',
        per: 'hour',
      })
      expect(document.replicas).toEqual({ min: 2, max: 4 })
      expect(document.certificate).toMatchObject({
        considered: 4,
        matched: 4,
        limit: 3,
        shown: 3,
        catalog_digest: document.catalog.digest,
        bound: { available: true, price: null, region: null, spot: true },
      })
    })
  })

  test('names no secret, no file and no clock', () => {
    const text = withCatalog(offers, (catalog) => printPlan(planOf(catalog)))
    expect(text).not.toContain('s3cret')
    expect(text).not.toContain('serve.dstack.yml')
    expect(new Set(text.match(/\d{4}-\d\d-\d\dT[^"]*/g))).toEqual(new Set(['2026-07-20T00:00:00Z']))
  })

  test('of a task counts its nodes, and one of flags alone one machine', () => {
    withCatalog(offers, (catalog) => {
      expect(planOf(catalog, task).replicas).toEqual({ min: 3, max: 3 })
      const requirements = someRequirements()
      const plan = makePlan(
        { configuration: null, requirements, limit: 0, toolVersion: '1.2.3' },
        catalog,
      )
      expect(plan.replicas).toEqual({ min: 1, max: 1 })
      expect(toPlanDocument(plan)).toMatchObject({ configuration: null, attempts: { length: 4 } })
    })
  })

  test('of nothing costs nothing that is known', () => {
    withCatalog(offers, (catalog) => {
      const requirements = someRequirements({ backends: [] })
      const plan = makePlan(
        { configuration: service, requirements, limit: 5, toolVersion: '1.2.3' },
        catalog,
      )
      expect(toPlanDocument(plan)).toMatchObject({
        attempts: [],
        price_range: { replica: { min: null, max: null }, all_replicas: { min: null, max: null } },
        certificate: { matched: 0, shown: 0, bound: null },
      })
    })
  })

  test('sums past the safe integers exactly', () => {
    const dear = [anOffer({ priceNanoUsd: 9_000_000_123_456_789 / 9 })]
    withCatalog(dear, (catalog) => {
      const many = { ...service, replicas: { min: 0, max: 99_999 } }
      const document = toPlanDocument(planOf(catalog, many))
      const price = document.price_range.replica.max ?? ''
      const nano = BigInt(price.replace('.', '').padEnd(price.indexOf('.') + 9, '0'))
      const total = String(nano * 99_999n)
      expect(document.price_range.all_replicas).toEqual({
        min: '0',
        max: `${total.slice(0, -9)}.${total.slice(-9)}`.replace(/0+$/, ''),
      })
    })
  })
})

test('a plan meets its JSON Schema, which closes every object', () => {
  const schema = planJsonSchema()
  withCatalog(offers, (catalog) => {
    const document: unknown = JSON.parse(printPlan(planOf(catalog, service, 0)))
    expect(check(schema, document)).toEqual([])
    expect(check(schema, Object.assign({}, document, { extra: 1 }))).not.toEqual([])
    expect(check(schema, Object.assign({}, document, { attempts: [{}] }))).not.toEqual([])
  })
})

test('requirements and offers read as in the answers of a search', () => {
  const random = seeded(7)
  const some = someOffers(random, 80)
  withCatalog(some, (catalog) => {
    for (let index = 0; index < 200; index++) {
      const requirements = randomRequirements(random, some)
      const found = catalog.search(requirements, { limit: 9 })
      const answer = { ...found, requirements, catalog: catalog.summary(), nowMs: 0 }
      const plan = makePlan(
        { configuration: null, requirements, limit: 9, toolVersion: '1.2.3' },
        catalog,
      )
      const document = toPlanDocument(plan)
      expect(toOffersDocument({ ...answer, subject: null, profileName: null }, null)).toMatchObject(
        {
          requirements: document.requirements,
          offers: document.attempts,
          catalog: { digest: document.catalog.digest },
          counts: { matched: document.certificate.matched, shown: document.certificate.shown },
        },
      )
      expect(readRequirements(toRequirementsDocument(requirements))).toEqual(requirements)
      expect(readPlan(printPlan(plan), 'plan.json')).toEqual(document)
    }
  })
})

test('a catalog that changes meanwhile is searched again', () => {
  const summary = { digest: 'a'.repeat(64), backends: 1, offers: 1, oldest: null }
  const digests = ['a', 'b', 'b', 'b']
  let searches = 0
  const plan = planOf({
    summary: () => ({ ...summary, digest: digests.shift() ?? 'none left' }),
    search: () => {
      searches++
      return { offers: [], matched: 0 }
    },
  } as unknown as Catalog)
  expect(searches).toBe(2)
  expect(plan.certificate.catalogDigest).toBe('b')
  let restless = 0
  const never = {
    summary: () => ({ ...summary, digest: String(restless++) }),
    search: () => ({ offers: [], matched: 0 }),
  }
  expect(() => planOf(never as unknown as Catalog)).toThrow('changed at each try')
})
