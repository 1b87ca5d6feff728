import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const verda: Backend & Launcher = {
  name: 'verda',
  title: 'Verda',
  notes: ['types that are in stock nowhere stand without a region'],
  endpoint: 'https://api.verda.com',
  importer: async () => (await import('./importer.ts')).verdaImporter,
  provisioner: async () => (await import('./provisioner.ts')).verdaProvisioner,
}
