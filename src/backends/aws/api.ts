/** EC2's calls for launching: signed, their answers checked, lists read to the last page. */
import { UpstreamCredentialsError } from '#domain/errors'
import type { CloudIo } from '#backends/kit/cloud-io'
import { readWire } from '#backends/kit/wire'
import { type AwsAccess, awsAccess } from './credentials.ts'
import { action, type Form } from './launch-bodies.ts'
import {
  type Instance,
  instancesAnswer,
  regionsAnswer,
  type SecurityGroup,
  securityGroupsAnswer,
} from './schema.ts'
import { formType, signatureHeaders } from './sigv4.ts'
import { readXml } from './xml.ts'

export interface Ec2Door {
  /** The region that is asked what is not of one region. */
  readonly home: string
  readonly ask: (region: string, form: Form) => Promise<unknown>
}

/** Keys of a role are asked for once for each door. */
export const openEc2 = async (io: CloudIo): Promise<Ec2Door> => {
  const headers = { accept: 'text/xml' }
  const access: AwsAccess | null = await awsAccess({
    credentials: io.credentials,
    secretFile: (path) => io.secretFile(path),
    keepSecret: (value) => io.keepSecret(value),
    answer: (call) => io.call({ ...call, method: 'POST' }),
  })
  if (access === null) {
    throw new UpstreamCredentialsError('there are no keys of AWS', {
      hint: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
    })
  }
  const { keys, home } = access
  return {
    home,
    ask: async (region, form) => {
      const { text } = await io.call({
        method: 'POST',
        host: 'ec2',
        region,
        path: '/',
        headers,
        form,
        sign: (call) => signatureHeaders(call, keys, { region, service: 'ec2' }, formType),
      })
      return readXml(text, `aws ${form['Action'] ?? ''} of ${region}`)
    },
  }
}

/** Regions that are open to the account. */
export const openRegions = async ({ ask, home }: Ec2Door): Promise<readonly string[]> => {
  const value = await ask(home, action('DescribeRegions'))
  const { regionInfo } = readWire(regionsAnswer, value, 'aws DescribeRegions')
  return regionInfo.map(({ regionName }) => regionName)
}

export async function* instancesOf(
  { ask }: Ec2Door,
  region: string,
  filter: Form,
): AsyncGenerator<Instance> {
  for (let token: string | null = ''; token !== null;) {
    const page: Form = token === '' ? filter : { ...filter, NextToken: token }
    const value = await ask(region, action('DescribeInstances', page))
    const answer = readWire(instancesAnswer, value, `aws DescribeInstances of ${region}`)
    for (const { instancesSet } of answer.reservationSet) yield* instancesSet
    token = answer.nextToken || null
  }
}

/** Only a group that carries our tag. */
export const groupNamed = async (
  { ask }: Ec2Door,
  region: string,
  name: string,
): Promise<SecurityGroup | null> => {
  const form = action('DescribeSecurityGroups', {
    'Filter.1.Name': 'group-name',
    'Filter.1.Value.1': name,
    'Filter.2.Name': 'tag-key',
    'Filter.2.Value.1': 'dso-owner',
  })
  const value = await ask(region, form)
  const answer = readWire(securityGroupsAnswer, value, `aws DescribeSecurityGroups of ${region}`)
  return answer.securityGroupInfo[0] ?? null
}
