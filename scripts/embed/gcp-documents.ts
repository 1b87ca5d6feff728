import type { InputDocument } from './source.ts'

const repository = 'Cyclenerd/google-cloud-pricing-cost-calculator'

/** Prices per instance type and region; it states vCPU, memory and accelerators of each type too. */
export const priceList: InputDocument = {
  key: 'prices',
  file: 'gcp/pricing.yml',
  repository,
  path: 'pricing.yml',
  commit: 'fd66b26',
  observedOn: '2026-07-30',
  licence: 'Apache-2.0',
}

const tables = { repository, commit: 'dac3128', licence: 'Apache-2.0' }

/** vCPU and memory per instance type. Of its day only the month is known: the first stands for it. */
export const typeTable: InputDocument = {
  ...tables,
  key: 'machine-types',
  file: 'gcp/machinetypes.csv',
  path: 'tools/machinetypes.csv',
  observedOn: '2026-07-01',
}

// The lists name the zones of Doha (opened in May 2023) and none of Berlin (opened in August 2023).
const zoneListsObservedOn = '2023-06-01'

/** Zones per instance type. */
export const typeZones: InputDocument = {
  ...tables,
  key: 'machine-type-zones',
  file: 'gcp/machinetypezone.csv',
  path: 'tools/machinetypezone.csv',
  observedOn: zoneListsObservedOn,
}

/** Zones per accelerator. */
export const acceleratorZones: InputDocument = {
  ...tables,
  key: 'accelerator-zones',
  file: 'gcp/acceleratortypezone.csv',
  path: 'tools/acceleratortypezone.csv',
  observedOn: zoneListsObservedOn,
}
