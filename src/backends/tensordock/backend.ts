import type { Backend } from '#backends/kit/importer'

export const tensordock: Backend = {
  name: 'tensordock',
  title: 'TensorDock',
  notes: [
    'sold by the part: boxes of 1, 2, 4 or 8 accelerators with 4 vCPUs and 16 GB each, and a disk of 100 GB',
    'a region is the id of a location',
  ],
  endpoint: 'https://dashboard.tensordock.com',
  importer: async () => (await import('./importer.ts')).tensordockImporter,
}
