import type { Launcher } from '#backends/kit/provisioner'

export const local: Launcher = {
  name: 'local',
  title: 'This machine',
  // No call goes there: what is asked is this machine itself.
  endpoint: 'http://127.0.0.1',
  provisioner: async () => (await import('./provisioner.ts')).localProvisioner,
}
