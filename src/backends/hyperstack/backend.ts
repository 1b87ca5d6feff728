import type { Backend } from '#backends/kit/importer'

export const hyperstack: Backend = {
  name: 'hyperstack',
  title: 'Hyperstack',
  notes: [
    'prices of the account, with its discounts; flavors without accelerators are left out',
    'public addresses and volumes are billed apart',
  ],
  endpoint: 'https://infrahub-api.nexgencloud.com',
  importer: async () => (await import('./importer.ts')).hyperstackImporter,
}
