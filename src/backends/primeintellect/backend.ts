import type { Backend } from '#backends/kit/importer'

export const primeintellect: Backend = {
  name: 'primeintellect',
  title: 'Prime Intellect',
  notes: [
    'sells machines of other clouds: a type is named cloud, accelerators, vCPUs and memory in GB',
    'prices are as told, with the default disk where the source counts it in',
  ],
  endpoint: 'https://api.primeintellect.ai',
  importer: async () => (await import('./importer.ts')).primeintellectImporter,
}
