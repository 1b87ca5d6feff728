/** Machines of a region, each at the sum of its parts. */
import type { Importer, ImportTables, PageOffers } from '#backends/kit/importer'
import { type Gathering, newGathering } from '#backends/kit/gather'
import { sealPages } from '#backends/kit/seal'
import { attachables, cardOf } from './accelerators.ts'
import { acceleratorRate, boxPrice } from './box-price.ts'
import { type Box, boxOf, boxOfKnown, withCards } from './boxes.ts'
import { gcpReadiness } from './credentials.ts'
import { isNotOnDemand } from './families.ts'
import { fetchPages, type GcpPage, listsOfAll } from './fetch-pages.ts'
import { knownMachines } from './known-machines.ts'
import { type RegionRates, regionRates } from './rates.ts'
import { addTpus } from './tpu-offers.ts'

type RegionPage = Extract<GcpPage, { readonly kind: 'region' }>

/** Machines by name, of all the zones of the region: a zone of it at least has each. */
const boxesOf = (page: RegionPage, tables: ImportTables, gathering: Gathering): readonly Box[] => {
  const boxes = new Map<string, Box>()
  const add = (name: string, box: Box | string): void => {
    if (typeof box === 'string') gathering.reject(box, name)
    else boxes.set(name, box)
  }
  for (const type of page.machines) if (!boxes.has(type.name)) add(type.name, boxOf(type))
  if (!page.isSeen) {
    for (const name of knownMachines) {
      const instanceType = tables.instanceType(name)
      add(name, instanceType === null ? 'size without specifications' : boxOfKnown(instanceType))
    }
  }
  return [...boxes.values()]
}

/** Zones with a card and how many of them fit one machine; where no list was read, where it is priced. */
const hasCards = (
  page: RegionPage,
  rates: RegionRates,
  accelerator: string,
  count: number,
): boolean =>
  page.isSeen
    ? page.accelerators.some(
        ({ name, zone, maximumCardsPerInstance: most }) =>
          name === accelerator &&
          (most === null || count <= most) &&
          page.machines.some((type) => type.zone === zone && type.name.startsWith('n1-')),
      )
    : isSoldSomewhere(rates, accelerator)

/** On-demand prices are listed for more regions than have a card; a spot price stands where one is. */
const isSoldSomewhere = (rates: RegionRates, accelerator: string): boolean =>
  acceleratorRate(rates, accelerator, true) !== null

const attachedBoxes = (
  page: RegionPage,
  rates: RegionRates,
  boxes: readonly Box[],
): readonly Box[] =>
  attachables
    .filter(({ accelerator, count }) => hasCards(page, rates, accelerator, count))
    .flatMap(({ accelerator, count, mostCpus, mostMemoryMib }) =>
      boxes
        .filter(
          ({ machine, instanceType: { cpus, memoryMib } }) =>
            machine.startsWith('n1-') && cpus <= mostCpus && memoryMib <= mostMemoryMib,
        )
        .map((box) => withCards(box, accelerator, count))
        .filter((box) => box !== null),
    )

const addBox = (gathering: Gathering, page: RegionPage, rates: RegionRates, box: Box): void => {
  const { instanceType, machine, accelerator } = box
  if (!page.isSeen && accelerator !== null && !isSoldSomewhere(rates, accelerator)) {
    gathering.reject('no spot price of its accelerator, so not sold in the region', machine)
    return
  }
  for (const spot of [false, true]) {
    const price = boxPrice(box, rates, spot)
    if (!spot && isNotOnDemand(machine)) {
      gathering.reject('GPU machine not to be had on demand', machine)
    } else if (typeof price === 'string') {
      // Names that are known are not seen to be sold anywhere: no price is what says so.
      if (!page.isSeen) continue
      gathering.reject(spot ? `spot: ${price}` : price, instanceType.name)
    } else {
      const { region } = page
      gathering.offer({ region, instanceType, spot, priceNanoUsd: price, stock: 'unknown' })
    }
  }
}

/** Accelerators of zones that no machine type names, but for those of other makes of visualisation. */
const rejectUnknown = (gathering: Gathering, page: RegionPage): void => {
  for (const { name } of page.accelerators) {
    if (cardOf(name) === null && !name.endsWith('-vws') && !/^ct\d|^tpu/.test(name)) {
      gathering.reject('no known model of accelerator', name)
    }
  }
}

const toOffers = (page: GcpPage, tables: ImportTables): PageOffers => {
  const gathering = newGathering('gcp', page.observation, page.malformed)
  if (page.kind === 'lists') {
    for (const { reason, row } of page.rejected) gathering.reject(reason, row)
    return gathering.end()
  }
  const rates = regionRates(page.rates)
  const boxes = boxesOf(page, tables, gathering)
  rejectUnknown(gathering, page)
  for (const box of [...boxes, ...attachedBoxes(page, rates, boxes)]) {
    addBox(gathering, page, rates, box)
  }
  addTpus(gathering, page.region, rates, page.isSeen ? page.tpus.map(({ type }) => type) : null)
  return gathering.end()
}

export const gcpImporter: Importer<GcpPage> = {
  traits: {
    kind: 'list',
    ttlSeconds: 24 * 3600,
    limit: { intervalMs: 100, atOnce: 1 },
    gives: { spot: true, stock: false, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
  },
  readiness: gcpReadiness,
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [listsOfAll], emptyResult: 'suspicious' }),
}
