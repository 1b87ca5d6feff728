/** What is sent to deploy an instance: its key, the script that it starts with, and itself. */
import type { Json } from '#domain/json'
import type { Offer } from '#domain/offer'
import type { PlannedCall } from '#backends/kit/provisioner'
import type { VmAsk } from '#backends/kit/vm-plan'

const address = 'https://api.verda.com/v1'

/** Stand in the plan for what is known once they are made. */
export const keyPlace = '<id of the key>'
export const scriptPlace = '<id of the script>'

const imageOf = ({ instanceType: { gpu } }: Offer): string =>
  gpu === null ? 'ubuntu-24.04' : 'ubuntu-24.04-cuda-12.8-open-docker'

const defaultDiskGib = 50

/**
 * Scripts are run by a shell: cloud-init is given the text where it is read at the next run of its
 * modules, and those that put keys and files in place are run once more.
 */
const scriptOf = (userData: string): string =>
  [
    '#!/bin/sh',
    'set -eu',
    'umask 077',
    "base64 -d > /root/dso-cloud-config <<'END'",
    Buffer.from(userData).toString('base64'),
    'END',
    'for module in users_groups write_files ssh runcmd scripts_user; do',
    '  cloud-init --file /root/dso-cloud-config single --name "$module" --frequency always || true',
    'done',
    'rm -f /root/dso-cloud-config',
    'systemctl restart ssh',
    '',
  ].join('\n')

/** A disk outlives its machine unless it is told not to; only spot machines are told so here. */
const diskOf = ({ request, offer }: VmAsk): Json => ({
  name: request.name,
  size: request.diskMib === null ? defaultDiskGib : Math.ceil(request.diskMib / 1024),
  ...(offer.spot && { on_spot_discontinue: 'delete_permanently' }),
})

export const launchCalls = (ask: VmAsk): readonly PlannedCall[] => {
  const { request, access, region, offer } = ask
  return [
    { what: `POST ${address}/ssh-keys`, body: { name: request.name, key: access.publicKey } },
    {
      what: `POST ${address}/scripts`,
      body: { name: request.name, script: scriptOf(access.userData) },
    },
    {
      what: `POST ${address}/instances`,
      body: {
        instance_type: offer.instanceType.name,
        image: imageOf(offer),
        hostname: request.name,
        description: `dstack-offers: run ${request.tags.run}`,
        location_code: region,
        ssh_key_ids: [keyPlace],
        startup_script_id: scriptPlace,
        is_spot: offer.spot,
        contract: offer.spot ? 'SPOT' : 'PAY_AS_YOU_GO',
        os_volume: diskOf(ask),
      },
    },
  ]
}
