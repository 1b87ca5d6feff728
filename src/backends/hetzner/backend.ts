import type { Backend } from '#backends/kit/importer'

export const hetzner: Backend = {
  name: 'hetzner',
  title: 'Hetzner Cloud',
  notes: [
    'prices without tax, in the currency of the account; euros at the daily rate of the European Central Bank',
    'monthly caps are not counted, and public IPv4 addresses are billed apart',
  ],
  endpoint: 'https://api.hetzner.cloud',
  importer: async () => (await import('./importer.ts')).hetznerImporter,
}
