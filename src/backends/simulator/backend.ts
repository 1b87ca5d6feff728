import type { Launcher } from '#backends/kit/provisioner'

export const simulator: Launcher = {
  name: 'simulator',
  title: 'Simulator',
  endpoint: 'simulator:',
  provisioner: async () => (await import('./on-file.ts')).simulatorOnFile,
}
