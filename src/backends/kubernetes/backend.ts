import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const kubernetes: Backend & Launcher = {
  name: 'kubernetes',
  title: 'Kubernetes',
  // Its kubeconfig names the address.
  endpoint: 'https://kubernetes.invalid',
  notes: [
    'prices are those of the annotation dstack-offers/price-per-hour of a node, and 0 where it has none: the machines are the user’s own',
    'sizes are what nodes have left by the requests of their pods; what has nothing left is shown whole, and out of stock',
  ],
  importer: async () => (await import('./importer.ts')).kubernetesImporter,
  provisioner: async () => (await import('./provisioner.ts')).kubernetesProvisioner,
}
