import type { Backend } from '#backends/kit/importer'
import { endpoint, hosts } from './addresses.ts'

export const nebius: Backend = {
  name: 'nebius',
  title: 'Nebius',
  notes: [
    'a region is seen where the account has a project',
    'prices are list prices of the machine alone: disks, public addresses and traffic cost extra',
    'the price of a preemptible machine moves; shown is what the billing calculator quotes, its upper bound',
  ],
  endpoint,
  hosts,
  importer: async () => (await import('./importer.ts')).nebiusImporter,
}
