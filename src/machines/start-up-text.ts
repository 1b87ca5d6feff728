/** What a new machine is told as it starts. Pure. */
import type { MachineKeys } from './keys.ts'

export const machineUser = 'dstack'

/** Images for accelerators bring an engine along; on others the distribution's is good enough. */
const bringEngine = [
  'command -v dockerd >/dev/null 2>&1',
  '|| { apt-get update -qq && apt-get install -y -qq docker.io; }',
  '&& systemctl enable --now docker',
].join(' ')

/**
 * For cloud-init: JSON is YAML, and needs no rules for quoting. The host key was made beforehand, so
 * that whoever answers at the address with another one is not the machine.
 */
export const startUpText = ({ login, host }: MachineKeys): string =>
  `#cloud-config\n${JSON.stringify({
    groups: ['docker'],
    users: [
      {
        name: machineUser,
        groups: ['docker'],
        shell: '/bin/sh',
        lock_passwd: true,
        ssh_authorized_keys: [login.publicKey],
      },
    ],
    disable_root: true,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: host.privateKey, ed25519_public: host.publicKey },
    runcmd: [['sh', '-c', bringEngine]],
  })}\n`
