import type { Backend } from '#backends/kit/importer'

export const crusoe: Backend = {
  name: 'crusoe',
  title: 'Crusoe Cloud',
  notes: [
    'the API has no prices: they are list prices of July 2026, unknown for the other machines',
    'spot is sold on request only, and not listed',
  ],
  endpoint: 'https://api.crusoecloud.com',
  importer: async () => (await import('./importer.ts')).crusoeImporter,
}
