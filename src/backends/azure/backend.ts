import type { Backend } from '#backends/kit/importer'

export const azure: Backend = {
  name: 'azure',
  title: 'Microsoft Azure',
  notes: [
    'a retail price does not mean that a size is sold to every subscription in the region',
    'sizes are those known to the embedded catalog; prices of others are counted as rejects',
  ],
  endpoint: 'https://prices.azure.com',
  importer: async () => (await import('./importer.ts')).azureImporter,
}
