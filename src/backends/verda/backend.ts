import type { Backend } from '#backends/kit/importer'

export const verda: Backend = {
  name: 'verda',
  title: 'Verda',
  notes: ['types that are in stock nowhere stand without a region'],
  endpoint: 'https://api.verda.com',
  importer: async () => (await import('./importer.ts')).verdaImporter,
}
