import type { Backend } from '#backends/kit/importer'

export const vultr: Backend = {
  name: 'vultr',
  title: 'Vultr',
  notes: ['plans that cannot be deployed on demand are left out'],
  endpoint: 'https://api.vultr.com',
  importer: async () => (await import('./importer.ts')).vultrImporter,
}
