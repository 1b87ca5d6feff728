import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const digitalocean: Backend & Launcher = {
  name: 'digitalocean',
  title: 'DigitalOcean',
  notes: ['machines are billed while they are off too'],
  endpoint: 'https://api.digitalocean.com',
  importer: async () => (await import('./importer.ts')).digitaloceanImporter,
  provisioner: async () => (await import('./provisioner.ts')).digitaloceanProvisioner,
}
