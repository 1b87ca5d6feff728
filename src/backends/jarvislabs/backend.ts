import type { Backend } from '#backends/kit/importer'

export const jarvislabs: Backend = {
  name: 'jarvislabs',
  title: 'JarvisLabs',
  notes: [
    'virtual machines only; containers and their spot prices are left out',
    'disks are billed apart',
  ],
  endpoint: 'https://backendn.jarvislabs.net',
  importer: async () => (await import('./importer.ts')).jarvislabsImporter,
}
