import type { Backend } from '#backends/kit/importer'

export const shadeform: Backend = {
  name: 'shadeform',
  title: 'Shadeform',
  notes: [
    'sells machines of other clouds: a type is named cloud, Shadeform type and type of the cloud',
    'the source names no currency: its cents are taken for those of a dollar',
  ],
  endpoint: 'https://api.shadeform.ai',
  importer: async () => (await import('./importer.ts')).shadeformImporter,
}
