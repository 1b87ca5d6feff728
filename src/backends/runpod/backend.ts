import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const runpod: Backend & Launcher = {
  name: 'runpod',
  title: 'RunPod',
  notes: [
    'vCPUs and memory are those of the smallest host, not fixed; disks are billed apart',
    'regions with a dash are data centers of the secure cloud, two letters are countries of the community cloud',
  ],
  endpoint: 'https://api.runpod.io',
  importer: async () => (await import('./importer.ts')).runpodImporter,
  provisioner: async () => (await import('./provisioner.ts')).runpodProvisioner,
}
