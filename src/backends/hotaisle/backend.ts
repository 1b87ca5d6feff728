import type { Backend } from '#backends/kit/importer'

export const hotaisle: Backend = {
  name: 'hotaisle',
  title: 'Hot Aisle',
  notes: ['what can be rented at the moment; what is rented out is not listed'],
  endpoint: 'https://admin.hotaisle.app',
  importer: async () => (await import('./importer.ts')).hotaisleImporter,
}
