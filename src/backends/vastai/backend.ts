import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const vastai: Backend & Launcher = {
  name: 'vastai',
  title: 'Vast.ai',
  notes: [
    'asks of verified hosts: each is one machine, and gone once it is rented',
    'memory is the share of the host; disks and traffic are billed apart',
  ],
  endpoint: 'https://console.vast.ai',
  hosts: { logs: 'https://s3.amazonaws.com' },
  importer: async () => (await import('./importer.ts')).vastaiImporter,
  provisioner: async () => (await import('./provisioner.ts')).vastaiProvisioner,
}
