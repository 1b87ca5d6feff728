import type { Backend } from '#backends/kit/importer'

export const cudo: Backend = {
  name: 'cudo',
  title: 'Cudo Compute',
  notes: [
    'sold by the part: boxes of 1, 2, 4 or 8 accelerators, or of 2 to 16 vCPUs without',
    'each accelerator with 4 vCPUs, each vCPU with 4 GiB, as near as the type allows; a disk of 100 GiB and an address are in the price',
  ],
  endpoint: 'https://rest.compute.cudo.org',
  importer: async () => (await import('./importer.ts')).cudoImporter,
}
