/** A relaxation written into a configuration asks, once read again, for what it promised. */
import { expect, test } from 'vitest'
import { readConfiguration } from '#configuration/read'
import { resolve } from '#configuration/resolve'
import type { GpuVendor } from '#domain/gpu'
import type { Requirements } from '#domain/requirements'
import { lower } from '#query/lower'
import { relaxedConfiguration } from '#why/relaxed-configuration'
import { explainWhy } from '#why/why'
import { someOffers } from '../generators.ts'
import { type Random, seeded } from '../random.ts'
import { withCatalog } from './catalog-of.ts'

const read = (text: string): Requirements =>
  resolve({ configuration: readConfiguration(text, { file: 'a.dstack.yml' }) }).requirements

const maybe = (random: Random, ...lines: readonly string[]): readonly string[] =>
  random.chance(0.4) ? [random.pick(lines)] : []

const gpuTexts = (random: Random): readonly string[] =>
  maybe(
    random,
    '  gpu: A100:80GB # the model needs it',
    '  gpu: H100,A100:40GB..:2',
    '  gpu: 8',
    '  gpu: 24GB..80GB',
    '  gpu: {name: [T4], total_memory: 100GB.., compute_capability: 9.0}',
    '  gpu:\n    name: A100\n    # four of them\n    count: 4..\n    memory: 100GB..',
    '  gpu:\n    name:\n      - A10-1/6\n      - B200 # none yet\n    count:\n      min: 1\n      max: 2',
  )

const someText = (random: Random): string => {
  const resources = [
    ...gpuTexts(random),
    ...maybe(random, '  cpu: 8..', '  cpu: 3', '  cpu: {min: 2, max: 4} # small'),
    ...maybe(random, '  memory: 64GB..', '  memory: 214.8GB..', '  memory:\n    max: 4GB'),
    ...maybe(random, '  disk: 200GB..', '  disk:\n    size: 500GB.. # scratch', '  disk: null'),
  ]
  return [
    '# generated',
    'type: service',
    ...maybe(random, 'image: ubuntu'),
    'port: 80',
    'commands: [sleep 1]',
    ...maybe(random, 'regions: [eu-west-1, mars]', 'regions:\n  - europe-west4 # near\n'),
    ...(resources.length === 0 ? [] : ['resources:', ...resources]),
    ...maybe(random, 'max_price: 0.05', 'max_price: "0.3" # dollars'),
    ...maybe(random, 'spot_policy: spot', 'spot_policy: on-demand'),
    ...maybe(random, 'backends: [azure]', 'backends:\n- gcp\n- runpod'),
    '',
  ].join(random.chance(0.1) ? '\r\n' : '\n')
}

test('what is written asks for what was promised', () => {
  const random = seeded(20_260_924)
  const seen = { written: 0, kept: 0 }
  for (let index = 0; index < 40; index++) {
    withCatalog(someOffers(random, random.int(10, 60)), (catalog) => {
      for (let request = 0; request < 15; request++) {
        const text = someText(random)
        const unnamedVendors: readonly GpuVendor[] = text.includes('image:')
          ? ['nvidia', 'amd']
          : ['nvidia']
        const why = explainWhy(catalog, read(text), { relaxations: 4, unnamedVendors })
        for (const relaxation of why.relaxations) {
          const relaxed = relaxedConfiguration(text, relaxation)
          const message = `${text}\n=>\n${relaxed.text}`
          expect(relaxed.unwritten, message).toEqual([])
          const asked = read(relaxed.text)
          seen.written++
          expect(lower(asked), message).toEqual(lower(relaxation.requirements))
          expect(catalog.count(asked), message).toBe(relaxation.offers)
          const comments = text.match(/# generated|# the model needs it|# small|# dollars/g) ?? []
          for (const comment of comments) if (relaxed.text.includes(comment)) seen.kept++
          expect(relaxed.text, message).toContain('# generated')
        }
      }
    })
  }
  expect(seen.written).toBeGreaterThan(800)
  expect(seen.kept).toBeGreaterThan(800)
})
