/** A certificate is worth what it refuses: answers changed in any way that matters. */
import type { Json } from '#domain/json'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { verifyAnswer } from '../../scripts/verify-certificate.ts'
import { canonicalJson } from '#plans/canonical-json'
import { type Random, seeded } from '../random.ts'
import { offersAnswer, planAnswer, randomCase, randomCatalog } from './answers.ts'

type Mutable = Record<string, unknown>

const isMutable = (value: unknown): value is Mutable => typeof value === 'object' && value !== null

const at = (value: unknown, key: string): Mutable => {
  const found = isMutable(value) ? value[key] : undefined
  if (!isMutable(found)) throw new TypeError(`nothing at ${key}`)
  return found
}

const listOf = (document: Mutable): unknown[] => {
  const list = document['attempts'] ?? document['offers']
  if (!Array.isArray(list)) throw new TypeError('nothing is listed')
  return list
}

/** A place in a document that holds no object, or an empty one. */
type Leaf = readonly [holder: Mutable, key: string]

const leavesAt = (holder: Mutable, key: string): readonly Leaf[] => {
  const value = holder[key]
  return isMutable(value) && Object.keys(value).length > 0 ? leaves(value) : [[holder, key]]
}

const leaves = (value: unknown): readonly Leaf[] =>
  isMutable(value) ? Object.keys(value).flatMap((key) => leavesAt(value, key)) : []

/** Another value of the same sort, one step away where there are steps. */
const otherThan = (value: unknown, random: Random): unknown => {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return value + random.pick([-1, 1])
  if (typeof value !== 'string') return value === null ? random.pick([0, '', false]) : null
  if (/^\d+(\.\d+)?$/.test(value)) return `${value}${value.includes('.') ? '1' : '.1'}`
  const place = random.int(0, Math.max(0, value.length - 1))
  return value.slice(0, place) + (value[place] === '0' ? '1' : '0') + value.slice(place + 1)
}

const sha256 = (value: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(value as Json))
    .digest('hex')

/** As a careful forger would: the digests of what was changed are made to fit. */
const restamp = (document: Mutable): void => {
  at(document, 'certificate')['requirements_digest'] = sha256(document['requirements'])
  if (document['kind'] === 'plan') document['digest'] = sha256({ ...document, digest: '' })
}

const oldestOf = (document: Mutable): unknown => at(document, 'catalog')['oldest']

const recount = (document: Mutable): void => {
  const certificate = at(document, 'certificate')
  certificate['shown'] = listOf(document).length
  if (document['kind'] !== 'offers') return
  const counts = at(document, 'counts')
  counts['shown'] = certificate['shown']
  counts['hidden'] = Number(certificate['matched']) - Number(certificate['shown'])
}

const certified = ['certificate', 'catalog', 'counts', 'attempts', 'offers', 'overlay', 'kind']

/** Each changes a document, or says that there is nothing of its kind to change. */
const tampers: Record<string, (document: Mutable, random: Random) => boolean> = {
  'a field': (document, random) => {
    const some = certified.flatMap((key) => (key in document ? leavesAt(document, key) : []))
    // The limit is asked, and the answer may be as true for another; the oldest price and costs are not certified.
    const fair = some.filter(
      ([holder, name]) => !['limit', 'cost'].includes(name) && holder !== oldestOf(document),
    )
    const [holder, key] = random.pick(fair)
    holder[key] = otherThan(holder[key], random)
    return true
  },
  'another limit': (document) => {
    const certificate = at(document, 'certificate')
    const [shown, matched] = [Number(certificate['shown']), Number(certificate['matched'])]
    if (shown === matched && shown < 2) return false
    certificate['limit'] = shown < matched ? shown + 1 : shown - 1
    return true
  },
  'a field of an offer': (document, random) => {
    const list = listOf(document)
    if (list.length === 0) return false
    const [holder, key] = random.pick(
      leaves(random.pick(list)).filter(([, name]) => name !== 'cost'),
    )
    holder[key] = otherThan(holder[key], random)
    return true
  },
  'a missing field': (document, random) => {
    const [holder, key] = random.pick(leaves(at(document, 'certificate')))
    if (Array.isArray(holder)) return holder.pop() !== undefined
    delete holder[key]
    return true
  },
  'a field too many': (document, random) => {
    // Offers as JSON may say more than is certified.
    const list = document['kind'] === 'plan' ? [document, ...listOf(document)] : []
    const places = [at(document, 'certificate'), at(document, 'requirements'), ...list]
    const place = random.pick(places)
    if (isMutable(place)) place['more'] = null
    return true
  },
  'two offers swapped': (document, random) => {
    const list = listOf(document)
    if (list.length < 2) return false
    const first = random.int(0, list.length - 2)
    const [one, other] = [list[first], list[first + 1]]
    list.splice(first, 2, other, one)
    // Ranks as they should be: only the order is wrong.
    for (const [index, item] of list.entries()) if (isMutable(item)) item['rank'] = index + 1
    return true
  },
  'an offer dropped': (document, random) => {
    const list = listOf(document)
    if (list.length === 0) return false
    list.splice(random.int(0, list.length - 1), 1)
    for (const [index, item] of list.entries()) if (isMutable(item)) item['rank'] = index + 1
    if (random.chance(0.5)) recount(document)
    return true
  },
  'an offer twice': (document, random) => {
    const list = listOf(document)
    if (list.length === 0) return false
    list.splice(random.int(0, list.length), 0, structuredClone(random.pick(list)))
    for (const [index, item] of list.entries()) if (isMutable(item)) item['rank'] = index + 1
    if (random.chance(0.5)) recount(document)
    return true
  },
  'a count off by one': (document, random) => {
    const certificate = at(document, 'certificate')
    const key = random.pick(['considered', 'matched', 'shown'])
    certificate[key] = Number(certificate[key]) + random.pick([-1, 1])
    if (document['kind'] === 'offers') {
      const counts = at(document, 'counts')
      counts['matched'] = certificate['matched']
      counts['shown'] = certificate['shown']
    }
    return true
  },
  'a cheaper price throughout': (document, random) => {
    const list = listOf(document)
    const last = list.at(-1)
    if (!isMutable(last)) return false
    const bound = at(document, 'certificate')['bound']
    const price = at(last, 'price')
    if (price['amount'] === null || !isMutable(bound)) return false
    price['amount'] = `0.${random.int(1, 9)}${random.int(1, 9)}3`
    bound['price'] = price['amount']
    return true
  },
  'another catalog': (document) => {
    const digest = sha256('another')
    at(document, 'catalog')['digest'] = digest
    at(document, 'certificate')['catalog_digest'] = digest
    return true
  },
  'an overlay that the catalog does not know': (document) => {
    at(document, 'certificate')['overlay_digest'] = sha256('an overlay')
    return true
  },
  'another question': (document) => {
    const requirements = at(document, 'requirements')
    // Nothing matches an empty list; where something was listed, that is no answer to it.
    if (listOf(document).length === 0) return false
    requirements['backends'] = []
    return true
  },
  'a question that cannot be': (document, random) => {
    const [holder, key] = random.pick(leaves(at(document, 'requirements')))
    holder[key] = { of: 'another shape' }
    return true
  },
  'a digest of the question that does not fit': (document) => {
    at(document, 'certificate')['requirements_digest'] = sha256('another question')
    return true
  },
}

/** Changes whose point is a digest that does not fit are left as they are. */
const keepsDigests = new Set(['a digest of the question that does not fit'])

test('every answer that was tampered with is refused', () => {
  const random = seeded(20_260_802)
  const passed: string[] = []
  const refused = new Map(Object.keys(tampers).map((name) => [name, 0]))
  for (let round = 0; round < 60; round++) {
    const { offers, catalog, rows, close } = randomCatalog(random)
    for (let index = 0; index < 20; index++) {
      const { requirements, limit } = randomCase(random, offers)
      const answer = index % 2 === 0 ? planAnswer : offersAnswer
      const document = answer(catalog, requirements, limit)
      expect(verifyAnswer(document, rows)).toEqual([])
      for (const [name, tamper] of Object.entries(tampers)) {
        const copy: unknown = JSON.parse(JSON.stringify(document))
        if (!isMutable(copy) || !tamper(copy, random)) continue
        const isForged = random.chance(0.7) && !keepsDigests.has(name)
        if (isForged && name !== 'a missing field') restamp(copy)
        if (canonicalJson(copy as Json) === canonicalJson(document)) continue
        if (verifyAnswer(copy, rows).length === 0) {
          passed.push(`${name}: ${JSON.stringify(copy)}, was ${JSON.stringify(document)}`)
        }
        refused.set(name, (refused.get(name) ?? 0) + 1)
      }
    }
    close()
  }
  expect(passed.slice(0, 3)).toEqual([])
  for (const [name, count] of refused) expect(count, name).toBeGreaterThan(300)
  const total = [...refused.values()].reduce((sum, count) => sum + count, 0)
  expect(total).toBeGreaterThan(10_000)
}, 120_000)
