import type { Backend } from '#backends/kit/importer'

export const seeweb: Backend = {
  name: 'seeweb',
  title: 'Seeweb',
  notes: [
    'prices are in euros, converted at the rate of the day that each names',
    'plans that are sold in no region right now stand without one',
  ],
  endpoint: 'https://api.seeweb.it',
  importer: async () => (await import('./importer.ts')).seewebImporter,
}
