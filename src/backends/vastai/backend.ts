import type { Backend } from '#backends/kit/importer'

export const vastai: Backend = {
  name: 'vastai',
  title: 'Vast.ai',
  notes: [
    'asks of verified hosts: each is one machine, and gone once it is rented',
    'memory is the share of the host; disks and traffic are billed apart',
  ],
  endpoint: 'https://console.vast.ai',
  importer: async () => (await import('./importer.ts')).vastaiImporter,
}
