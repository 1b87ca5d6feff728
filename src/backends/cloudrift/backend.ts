import type { Backend } from '#backends/kit/importer'

export const cloudrift: Backend = {
  name: 'cloudrift',
  title: 'CloudRift',
  notes: [],
  endpoint: 'https://api.cloudrift.ai',
  importer: async () => (await import('./importer.ts')).cloudriftImporter,
}
