/** What is sent to make a machine, and what closes a virtual one off. */
import type { Json } from '#domain/json'
import type { Planned, PlannedCall } from '#backends/kit/provisioner'
import { tagTexts } from '#backends/kit/owner-tags'
import { refusedPlan, type VmAsk } from '#backends/kit/vm-plan'
import type { Kind } from './api.ts'

const address = 'https://api.vultr.com/v2'

/** Ubuntu 24.04, x86-64. */
const operatingSystem = 2284

/** Stands in the plan for what is known once it is made. */
export const firewallPlace = '<id of the firewall>'

export const kindOf = (plan: string): Kind =>
  plan.startsWith('vbm-') ? 'bare-metals' : 'instances'

export const firewallName = (owner: string): string => `dso-${owner}`

const sshRules: readonly Json[] = [
  { ip_type: 'v4', protocol: 'tcp', subnet: '0.0.0.0', subnet_size: 0, port: '22' },
]

const machineBody = ({ request, access, region, offer }: VmAsk, kind: Kind): Json => ({
  region,
  plan: offer.instanceType.name,
  os_id: operatingSystem,
  label: request.name,
  hostname: request.name,
  tags: tagTexts(request.tags),
  user_data: Buffer.from(access.userData).toString('base64'),
  enable_ipv6: false,
  activation_email: false,
  ...(kind === 'instances' && { backups: 'disabled', firewall_group_id: firewallPlace }),
})

/** The firewall and its rule, where the kind of machine takes one; the machine. */
export const launchCalls = (ask: VmAsk): readonly PlannedCall[] | Planned => {
  const { offer, request } = ask
  if (offer.spot) {
    return refusedPlan('how to ask for a preemptible machine is not documented', {
      class: 'forbidden',
      scope: 'offer',
    })
  }
  const kind = kindOf(offer.instanceType.name)
  const machine = { what: `POST ${address}/${kind}`, body: machineBody(ask, kind) }
  if (kind === 'bare-metals') return [machine]
  const description = firewallName(request.tags.owner)
  return [
    { what: `POST ${address}/firewalls`, body: { description } },
    ...sshRules.map((body) => ({
      what: `POST ${address}/firewalls/${firewallPlace}/rules`,
      body,
    })),
    machine,
  ]
}
