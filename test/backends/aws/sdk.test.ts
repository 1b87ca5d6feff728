/** The vendor's own client against the fake: it reads every answer, and writes the same calls. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  type Tag,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expiryTag } from '#backends/aws/launch-bodies'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
} from '../../contract/adapter-under-test.ts'
import { awsLaunchCase } from './aws-launch-case.ts'

const spot = awsLaunchCase.spotOffer ?? awsLaunchCase.offers[0]

let under: AdapterUnderTest
let client: EC2Client

beforeEach(async () => {
  under = await openAdapter(awsLaunchCase)
  client = new EC2Client({
    region: 'us-east-1',
    endpoint: `${under.fake.url}/ec2/us-east-1`,
    credentials: { accessKeyId: 'an-id', secretAccessKey: 'a-secret' },
    maxAttempts: 1,
  })
})

afterEach(async () => {
  client.destroy()
  await under.close()
})

const planned = (): readonly unknown[] => {
  const request = requestOf(under, tagsOf(), { maxPriceNanoUsd: 50_000_000 })
  return planOf(under, spot, request).calls.map(({ body }) => body)
}

const sent = (): unknown => under.fake.asked.at(-1)?.body

const machineTags = (): Tag[] => {
  const { owner, run, attempt, expiresAt } = tagsOf()
  return [
    { Key: 'Name', Value: requestOf(under).name },
    { Key: 'dso-owner', Value: owner },
    { Key: 'dso-run', Value: run },
    { Key: 'dso-attempt', Value: attempt },
    { Key: 'dso-expires', Value: expiresAt },
  ]
}

const textOf = (form: unknown, key: string): string => {
  const value: unknown = typeof form === 'object' && form !== null ? Reflect.get(form, key) : ''
  return typeof value === 'string' ? value : ''
}

const machineInput = (form: unknown): RunInstancesCommandInput => ({
  ClientToken: tagsOf().attempt,
  MinCount: 1,
  MaxCount: 1,
  ImageId: textOf(form, 'ImageId'),
  InstanceType: 'm5.large',
  SecurityGroups: [`dso-${tagsOf().owner}`],
  UserData: textOf(form, 'UserData'),
  InstanceInitiatedShutdownBehavior: 'terminate',
  MetadataOptions: { HttpTokens: 'required' },
  BlockDeviceMappings: [
    {
      DeviceName: '/dev/sda1',
      Ebs: { VolumeType: 'gp3', VolumeSize: 100, DeleteOnTermination: true },
    },
  ],
  InstanceMarketOptions: {
    MarketType: 'spot',
    SpotOptions: {
      SpotInstanceType: 'one-time',
      InstanceInterruptionBehavior: 'terminate',
      MaxPrice: '0.05',
    },
  },
  TagSpecifications: [
    { ResourceType: 'instance', Tags: machineTags() },
    { ResourceType: 'volume', Tags: machineTags() },
    { ResourceType: 'spot-instances-request', Tags: machineTags() },
  ],
})

const closeOff = async (): Promise<void> => {
  const [group, rule] = planned()
  const { owner } = tagsOf()
  const GroupName = `dso-${owner}`
  await client.send(
    new CreateSecurityGroupCommand({
      GroupName,
      Description: textOf(group, 'GroupDescription'),
      TagSpecifications: [
        { ResourceType: 'security-group', Tags: [{ Key: 'dso-owner', Value: owner }] },
      ],
    }),
  )
  expect(sent()).toEqual(group)
  await client.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupName,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
          Ipv6Ranges: [{ CidrIpv6: '::/0' }],
        },
      ],
    }),
  )
  expect(sent()).toEqual(rule)
}

const launch = async (): Promise<string> => {
  await closeOff()
  const machine = planned()[2]
  const { Instances } = await client.send(new RunInstancesCommand(machineInput(machine)))
  expect(sent()).toEqual(machine)
  return Instances?.[0]?.InstanceId ?? ''
}

const describeOne = async (id: string): Promise<Instance | undefined> => {
  const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
  return Reservations?.[0]?.Instances?.[0]
}

describe('the SDK of AWS', () => {
  it('writes the same calls, field by field', async () => {
    const id = await launch()
    const { expiresAt } = tagsOf()
    const Tags = [{ Key: 'dso-expires', Value: expiresAt }]
    await client.send(new CreateTagsCommand({ Resources: [id], Tags }))
    expect(sent()).toEqual(expiryTag(id, tagsOf()))
  })

  it('reads what the fake answers of a machine, from its launch to its end', async () => {
    const id = await launch()
    expect((await describeOne(id))?.State).toEqual({ Code: 0, Name: 'pending' })
    under.clock.advance(60_000)
    const running = await describeOne(id)
    expect(running?.PublicIpAddress).toMatch(/^203\.0\.113\./)
    expect(running).toMatchObject({
      State: { Code: 16, Name: 'running' },
      InstanceLifecycle: 'spot',
      Placement: { AvailabilityZone: 'us-east-1a' },
      Tags: machineTags(),
    })
    const { SecurityGroups } = await client.send(
      new DescribeSecurityGroupsCommand({
        Filters: [{ Name: 'group-name', Values: [`dso-${tagsOf().owner}`] }],
      }),
    )
    const GroupId = SecurityGroups?.[0]?.GroupId ?? ''
    const removal = (): Promise<unknown> => client.send(new DeleteSecurityGroupCommand({ GroupId }))
    await expect(removal()).rejects.toThrow(
      expect.objectContaining({ name: 'DependencyViolation' }),
    )
    under.fake.model.reclaim?.(id)
    expect((await describeOne(id))?.StateReason?.Code).toBe('Server.SpotInstanceTermination')
    const { TerminatingInstances } = await client.send(
      new TerminateInstancesCommand({ InstanceIds: [id] }),
    )
    expect(TerminatingInstances?.[0]?.CurrentState?.Name).toBe('shutting-down')
    under.clock.advance(60_000)
    await removal()
    expect(under.fake.model.sideObjects()).toEqual([])
  })

  it('reads refusals and regions as they are meant', async () => {
    await expect(describeOne('i-0')).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidInstanceID.NotFound' }),
    )
    const { Regions } = await client.send(new DescribeRegionsCommand({}))
    expect(Regions?.map(({ RegionName }) => RegionName)).toEqual(['us-east-1', 'eu-west-1'])
  })
})
