/** What is sent to make a droplet, and what closes it off. */
import type { Json } from '#domain/json'
import type { Offer } from '#domain/offer'
import type { PlannedCall } from '#backends/kit/provisioner'
import { ownerTag, tagTexts } from '#backends/kit/owner-tags'
import type { VmAsk } from '#backends/kit/vm-plan'

const address = 'https://api.digitalocean.com'

/** With drivers where there are accelerators; those for eight speak NVLink. */
const imageOf = ({ instanceType: { gpu, gpuCount } }: Offer): string => {
  if (gpu === null) return 'ubuntu-24-04-x64'
  if (gpu.vendor === 'amd') return 'gpu-amd-base'
  return gpuCount === 8 ? 'gpu-h100x8-base' : 'gpu-h100x1-base'
}

export const firewallName = (owner: string): string => `dso-${owner}`

const anywhere = ['0.0.0.0/0', '::/0']

/** Serves all droplets with the owner's tag: in by SSH alone. */
const firewallBody = (owner: string): Json => ({
  name: firewallName(owner),
  tags: [ownerTag(owner)],
  inbound_rules: [{ protocol: 'tcp', ports: '22', sources: { addresses: anywhere } }],
  outbound_rules: ['tcp', 'udp'].map((protocol) => ({
    protocol,
    ports: 'all',
    destinations: { addresses: anywhere },
  })),
})

/** The tag, before a firewall can be for it; the firewall; the droplet. */
export const launchCalls = ({ request, access, region, offer }: VmAsk): readonly PlannedCall[] => [
  { what: `POST ${address}/v2/tags`, body: { name: ownerTag(request.tags.owner) } },
  { what: `POST ${address}/v2/firewalls`, body: firewallBody(request.tags.owner) },
  {
    what: `POST ${address}/v2/droplets`,
    body: {
      name: request.name,
      region,
      size: offer.instanceType.name,
      image: imageOf(offer),
      user_data: access.userData,
      tags: tagTexts(request.tags),
      backups: false,
      ipv6: false,
      monitoring: false,
    },
  },
]
