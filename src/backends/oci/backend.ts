import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const oci: Backend & Launcher = {
  name: 'oci',
  title: 'Oracle Cloud Infrastructure',
  notes: [
    'prices are the same in every region; not every region has every shape',
    'flexible shapes are shown in standard sizes: any other may be chosen',
    'spot is preemptible capacity, at half of the price',
  ],
  endpoint: 'https://apexapps.oracle.com',
  hosts: {
    iaas: 'https://iaas.{region}.oraclecloud.com',
    identity: 'https://identity.{region}.oci.oraclecloud.com',
  },
  importer: async () => (await import('./importer.ts')).ociImporter,
  provisioner: async () => (await import('./provisioner.ts')).ociProvisioner,
}
