import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const ssh: Backend & Launcher = {
  name: 'ssh',
  title: 'SSH hosts',
  // No call goes there: the file of hosts says where they are.
  endpoint: 'https://ssh.invalid',
  notes: [
    'prices are those of the file of hosts, and 0 where it says none: the machines are the user’s own',
    'stock is unknown: no host is asked',
  ],
  importer: async () => (await import('./importer.ts')).sshImporter,
  provisioner: async () => (await import('./provisioner.ts')).sshProvisioner,
}
