import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const azure: Backend & Launcher = {
  name: 'azure',
  title: 'Microsoft Azure',
  notes: [
    'a retail price does not mean that a size is sold to every subscription in the region',
    'with credentials: sizes that the subscription sees in the region, out of stock where it may not have them',
    'without: sizes known to the embedded catalog; prices of others are counted as rejects',
  ],
  endpoint: 'https://prices.azure.com',
  hosts: {
    login: 'https://login.microsoftonline.com',
    management: 'https://management.azure.com',
  },
  importer: async () => (await import('./importer.ts')).azureImporter,
  provisioner: async () => (await import('./provisioner.ts')).azureProvisioner,
}
