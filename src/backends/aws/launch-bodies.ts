/** What is sent to make a machine, and what closes it off: forms of the Query protocol. */
import { printUsd } from '#domain/price'
import { mibPerGb } from '#domain/memory'
import type { OwnerTags } from '#domain/launch'
import type { LaunchRequest, PlannedCall, Planned } from '#backends/kit/provisioner'
import { refusedPlan, type VmAsk } from '#backends/kit/vm-plan'
import { imageOf } from './images.ts'

export type Form = Readonly<Record<string, string>>

const version = '2016-11-15'
const defaultDiskGib = 100

export const action = (name: string, parameters: Form = {}): Form => ({
  Action: name,
  Version: version,
  ...parameters,
})

export const groupName = (owner: string): string => `dso-${owner}`

/** `{prefix}.1.Key`, `{prefix}.1.Value` … */
const tagFields = (prefix: string, tags: readonly (readonly [string, string])[]): Form =>
  Object.fromEntries(
    tags.flatMap(([key, value], index) => [
      [`${prefix}.${index + 1}.Key`, key],
      [`${prefix}.${index + 1}.Value`, value],
    ]),
  )

const machineTags = (name: string, tags: OwnerTags): readonly (readonly [string, string])[] => [
  ['Name', name],
  ['dso-owner', tags.owner],
  ['dso-run', tags.run],
  ['dso-attempt', tags.attempt],
  ['dso-expires', tags.expiresAt],
]

/** What a spot machine is asked for with carries tags as well. */
const tagSpecifications = ({ name, tags }: LaunchRequest, spot: boolean): Form => {
  const kinds = ['instance', 'volume', ...(spot ? ['spot-instances-request'] : [])]
  const fields = kinds.map((kind, index) => ({
    [`TagSpecification.${index + 1}.ResourceType`]: kind,
    ...tagFields(`TagSpecification.${index + 1}.Tag`, machineTags(name, tags)),
  }))
  return Object.fromEntries(fields.flatMap((one) => Object.entries(one)))
}

/** A spot machine that would cost more than it may is taken back by EC2 itself. */
const spotFields = ({ maxPriceNanoUsd }: LaunchRequest): Form => ({
  'InstanceMarketOptions.MarketType': 'spot',
  'InstanceMarketOptions.SpotOptions.SpotInstanceType': 'one-time',
  'InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior': 'terminate',
  ...(maxPriceNanoUsd === null
    ? {}
    : { 'InstanceMarketOptions.SpotOptions.MaxPrice': printUsd(maxPriceNanoUsd) }),
})

export const userDataOf = (text: string): string => Buffer.from(text).toString('base64')

export const expiryTag = (id: string, { expiresAt }: OwnerTags): Form =>
  action('CreateTags', { 'ResourceId.1': id, ...tagFields('Tag', [['dso-expires', expiresAt]]) })

/** The group and its rule serve every machine of the owner in the region: in by SSH alone. */
const groupForms = (owner: string): readonly Form[] => [
  action('CreateSecurityGroup', {
    GroupName: groupName(owner),
    GroupDescription: 'dstack-offers: in by SSH alone',
    'TagSpecification.1.ResourceType': 'security-group',
    ...tagFields('TagSpecification.1.Tag', [['dso-owner', owner]]),
  }),
  action('AuthorizeSecurityGroupIngress', {
    GroupName: groupName(owner),
    'IpPermissions.1.IpProtocol': 'tcp',
    'IpPermissions.1.FromPort': '22',
    'IpPermissions.1.ToPort': '22',
    'IpPermissions.1.IpRanges.1.CidrIp': '0.0.0.0/0',
    'IpPermissions.1.Ipv6Ranges.1.CidrIpv6': '::/0',
  }),
]

const machineForm = (
  { request, access, offer }: VmAsk,
  image: NonNullable<ReturnType<typeof imageOf>>,
): Form => {
  const { tags, diskMib } = request
  const diskGib = diskMib === null ? defaultDiskGib : Math.ceil(diskMib / mibPerGb)
  return action('RunInstances', {
    ClientToken: tags.attempt,
    MinCount: '1',
    MaxCount: '1',
    ImageId: image.id,
    InstanceType: offer.instanceType.name,
    'SecurityGroup.1': groupName(tags.owner),
    UserData: userDataOf(access.userData),
    InstanceInitiatedShutdownBehavior: 'terminate',
    'MetadataOptions.HttpTokens': 'required',
    'BlockDeviceMapping.1.DeviceName': image.rootDevice,
    'BlockDeviceMapping.1.Ebs.VolumeType': 'gp3',
    'BlockDeviceMapping.1.Ebs.VolumeSize': String(Math.max(diskGib, image.leastDiskGib)),
    'BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
    ...(offer.spot ? spotFields(request) : {}),
    ...tagSpecifications(request, offer.spot),
  })
}

/** The group, its rule, the machine. */
export const launchCalls = (ask: VmAsk): readonly PlannedCall[] | Planned => {
  const { offer, region, request } = ask
  const image = imageOf(offer)
  if (image === null) {
    const { gpu, name } = offer.instanceType
    const message = `no image known here has a driver for the ${gpu?.name ?? 'accelerator'} of ${name}`
    return refusedPlan(message, { class: 'forbidden', scope: 'type-region' })
  }
  const what = `POST https://ec2.${region}.amazonaws.com/`
  const forms = [...groupForms(request.tags.owner), machineForm(ask, image)]
  return forms.map((body) => ({ what, body }))
}
