import type { Launcher } from '#backends/kit/provisioner'

export const docker: Launcher = {
  name: 'docker',
  title: 'Docker or Podman',
  // No call goes there: DOCKER_HOST, or the usual sockets, say where the engine is.
  endpoint: 'http://127.0.0.1',
  provisioner: async () => (await import('./provisioner.ts')).dockerProvisioner,
}
