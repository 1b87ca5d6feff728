import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const vultr: Backend & Launcher = {
  name: 'vultr',
  title: 'Vultr',
  notes: ['plans that cannot be deployed on demand are left out'],
  endpoint: 'https://api.vultr.com',
  importer: async () => (await import('./importer.ts')).vultrImporter,
  provisioner: async () => (await import('./provisioner.ts')).vultrProvisioner,
}
