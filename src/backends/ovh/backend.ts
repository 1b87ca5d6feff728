import type { Backend } from '#backends/kit/importer'

export const ovh: Backend = {
  name: 'ovh',
  title: 'OVHcloud',
  notes: [
    'prices in dollars without tax, as OVHcloud sells to the world outside its national markets',
    'without credentials regions are not told, and offers stand without one; OVHcloud US is another cloud',
  ],
  endpoint: 'https://ca.api.ovh.com',
  hosts: { eu: 'https://eu.api.ovh.com' },
  importer: async () => (await import('./importer.ts')).ovhImporter,
}
