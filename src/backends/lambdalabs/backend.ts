import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const lambdalabs: Backend & Launcher = {
  name: 'lambdalabs',
  title: 'Lambda',
  notes: ['types that are in stock nowhere stand without a region'],
  endpoint: 'https://cloud.lambda.ai',
  importer: async () => (await import('./importer.ts')).lambdalabsImporter,
  provisioner: async () => (await import('./provisioner.ts')).lambdalabsProvisioner,
}
