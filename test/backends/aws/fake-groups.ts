/** Security groups of the fake EC2. */
import type { FakeReply } from '../../contract/fake-cloud.ts'
import type { Row } from '../../contract/importer-case.ts'
import { ec2Refusal, xmlAnswer } from './ec2-answers.ts'

interface Group {
  readonly groupId: string
  readonly region: string
  readonly name: string
  readonly isTagged: boolean
  isOpen: boolean
}

export interface FakeGroups {
  has(region: string, name: string): boolean
  names(): readonly string[]
  /** Null for what is no call of groups. */
  handle(region: string, form: Row): FakeReply | null
}

const done = (action: string): FakeReply => ({ text: xmlAnswer(action, { return: 'true' }) })

const missing = ec2Refusal(400, 'InvalidGroup.NotFound', 'The security group does not exist')

const sshRule = {
  ipProtocol: 'tcp',
  fromPort: '22',
  toPort: '22',
  ipRanges: [{ cidrIp: '0.0.0.0/0' }],
  ipv6Ranges: [{ cidrIpv6: '::/0' }],
}

const rowOf = ({ groupId, name, isOpen }: Group): Row => ({
  groupId,
  groupName: name,
  groupDescription: 'in by SSH alone',
  ipPermissions: isOpen ? [sshRule] : [],
})

export const newFakeGroups = (isInUse: (region: string, name: string) => boolean): FakeGroups => {
  const groups: Group[] = []
  let made = 0
  const find = (region: string, name: unknown): Group | undefined =>
    groups.find((one) => one.region === region && one.name === name)

  const create = (region: string, form: Row): FakeReply => {
    if (find(region, form['GroupName'])) {
      return ec2Refusal(400, 'InvalidGroup.Duplicate', 'The security group already exists')
    }
    made += 1
    const group = {
      groupId: `sg-${made}`,
      region,
      name: String(form['GroupName']),
      isTagged: form['TagSpecification.1.Tag.1.Key'] === 'dso-owner',
      isOpen: false,
    }
    groups.push(group)
    return { text: xmlAnswer('CreateSecurityGroup', { return: 'true', groupId: group.groupId }) }
  }

  const authorize = (region: string, form: Row): FakeReply => {
    const group = find(region, form['GroupName'])
    if (!group) return missing
    if (group.isOpen) return ec2Refusal(400, 'InvalidPermission.Duplicate', 'the rule exists')
    group.isOpen = true
    return done('AuthorizeSecurityGroupIngress')
  }

  const describe = (region: string, form: Row): FakeReply => {
    const group = find(region, form['Filter.1.Value.1'])
    const securityGroupInfo = group?.isTagged ? [rowOf(group)] : []
    return { text: xmlAnswer('DescribeSecurityGroups', { securityGroupInfo }) }
  }

  const remove = (form: Row): FakeReply => {
    const at = groups.findIndex(({ groupId }) => groupId === form['GroupId'])
    const group = groups[at]
    if (!group) return missing
    if (isInUse(group.region, group.name)) {
      return ec2Refusal(400, 'DependencyViolation', 'resource has a dependent object')
    }
    groups.splice(at, 1)
    return done('DeleteSecurityGroup')
  }

  return {
    has: (region, name) => find(region, name) !== undefined,
    names: () => groups.map(({ region, name }) => `${region}/${name}`),
    handle: (region, form) => {
      switch (form['Action']) {
        case 'CreateSecurityGroup':
          return create(region, form)
        case 'AuthorizeSecurityGroupIngress':
          return authorize(region, form)
        case 'DescribeSecurityGroups':
          return describe(region, form)
        case 'DeleteSecurityGroup':
          return remove(form)
        default:
          return null
      }
    },
  }
}
