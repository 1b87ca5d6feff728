import type { Backend } from '#backends/kit/importer'

export const oci: Backend = {
  name: 'oci',
  title: 'Oracle Cloud Infrastructure',
  notes: [
    'prices are the same in every region; not every region has every shape',
    'flexible shapes are shown in standard sizes: any other may be chosen',
    'spot is preemptible capacity, at half of the price',
  ],
  endpoint: 'https://apexapps.oracle.com',
  importer: async () => (await import('./importer.ts')).ociImporter,
}
