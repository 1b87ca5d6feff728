import type { Backend } from '#backends/kit/importer'

export const digitalocean: Backend = {
  name: 'digitalocean',
  title: 'DigitalOcean',
  notes: ['machines are billed while they are off too'],
  endpoint: 'https://api.digitalocean.com',
  importer: async () => (await import('./importer.ts')).digitaloceanImporter,
}
