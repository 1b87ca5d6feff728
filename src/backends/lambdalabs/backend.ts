import type { Backend } from '#backends/kit/importer'

export const lambdalabs: Backend = {
  name: 'lambdalabs',
  title: 'Lambda',
  notes: ['types that are in stock nowhere stand without a region'],
  endpoint: 'https://cloud.lambda.ai',
  importer: async () => (await import('./importer.ts')).lambdalabsImporter,
}
