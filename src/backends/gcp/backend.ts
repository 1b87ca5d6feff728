import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const gcp: Backend & Launcher = {
  name: 'gcp',
  title: 'Google Cloud',
  notes: [
    'prices are sums of the vCPU, memory, accelerator and local SSD prices of the region; boot disks and traffic cost extra',
    'with credentials of an account: machine types and accelerators that its zones have; with an API key alone: wherever all parts have a price',
    'an n1 machine with GPUs attached to it is named after both, as in n1-standard-8+1xT4',
    'GPU machines need a quota, which is zero at first; a4, a4x, a3-ultragpu and the smaller a3-highgpu are sold as spot only',
  ],
  endpoint: 'https://cloudbilling.googleapis.com',
  hosts: {
    token: 'https://oauth2.googleapis.com',
    compute: 'https://compute.googleapis.com',
    tpu: 'https://tpu.googleapis.com',
  },
  importer: async () => (await import('./importer.ts')).gcpImporter,
  provisioner: async () => (await import('./provisioner.ts')).gcpProvisioner,
}
