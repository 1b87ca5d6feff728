/** What is launched in the contract, with values that must turn up in no print and no message. */
import type { MachineAccess } from '#backends/kit/provisioner'
import type { Workload } from '#domain/workload'

export const secretCanaries = [
  'canary-environment-5f1c',
  'canary-host-key-77e0',
  'canary-registry-2d',
]

export const aWorkload: Workload = {
  image: 'example/server:1',
  entrypoint: null,
  command: ['sh', '-c', 'serve'],
  environment: { HF_TOKEN: 'canary-environment-5f1c', DSTACK_RUN_NAME: 'serve' },
  workingDirectory: null,
  home: '/root',
  port: 8000,
  registryAuth: { username: 'reader', password: 'canary-registry-2d' },
  shmMib: null,
  cpus: null,
  memoryMib: null,
  gpuCount: 0,
  maxDurationSeconds: null,
  projectDirectory: null,
}

export const accessOf = (name: string): MachineAccess => ({
  user: 'root',
  publicKey: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0000000000000000000000000000000000000000000 ${name}`,
  userData: `#cloud-config\nssh_keys:\n  ed25519_private: canary-host-key-77e0\n`,
})
