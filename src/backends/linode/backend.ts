import type { Backend } from '#backends/kit/importer'

export const linode: Backend = {
  name: 'linode',
  title: 'Linode (Akamai Cloud)',
  notes: [
    'plans of distributed regions are left out',
    'stock is what the public list says, which tells accelerators to be out more often than they are',
  ],
  endpoint: 'https://api.linode.com',
  importer: async () => (await import('./importer.ts')).linodeImporter,
}
