import type { Backend } from '#backends/kit/importer'

export const scaleway: Backend = {
  name: 'scaleway',
  title: 'Scaleway',
  notes: [
    'prices in euros, without tax, at the daily rate of the European Central Bank',
    'public IPv4 addresses and block storage are billed apart',
  ],
  endpoint: 'https://api.scaleway.com',
  importer: async () => (await import('./importer.ts')).scalewayImporter,
}
