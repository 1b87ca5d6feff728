/** EC2 by the fields that its API reference documents, region by region. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'
import { ec2Refusal, xmlAnswer } from './ec2-answers.ts'
import { newFakeGroups } from './fake-groups.ts'

interface End {
  readonly atMs: number
  readonly doneMs: number
  /** As EC2 spells it. */
  readonly reason: string
}

interface Asked {
  readonly region: string
  readonly type: string
  readonly group: string
  readonly spot: boolean
  readonly tags: Map<string, string>
  end: End | null
}

const regions: readonly (readonly [string, string])[] = [
  ['us-east-1', 'opt-in-not-required'],
  ['eu-west-1', 'opt-in-not-required'],
  ['af-south-1', 'not-opted-in'],
]

const shownForMs = 3_600_000

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `{prefix}.1.Key` with `{prefix}.1.Value`. */
const tagsAt = (form: Row, prefix: string): Map<string, string> => {
  const tags = new Map<string, string>()
  for (let at = 1; typeof form[`${prefix}.${at}.Key`] === 'string'; at++) {
    tags.set(textOf(form[`${prefix}.${at}.Key`]), textOf(form[`${prefix}.${at}.Value`]))
  }
  return tags
}

const valuesAt = (form: Row, prefix: string): readonly string[] => {
  const values: string[] = []
  for (let at = 1; form[`${prefix}.${at}`] !== undefined; at++) {
    values.push(textOf(form[`${prefix}.${at}`]))
  }
  return values
}

const isSignedFor = ({ headers }: FakeRequest, region: string): boolean =>
  (headers.authorization ?? '').includes(`/${region}/ec2/aws4_request`)

export const newFakeEc2 = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const shelf = newMachineShelf<Asked>(
    () => clock.nowMs(),
    knobs,
    (number) => `i-${String(number).padStart(17, '0')}`,
  )
  const known = new Map<string, Asked>()
  const launched = new Map<string, { readonly form: string; readonly machine: Row }>()
  let failsNext = false

  const isOver = ({ end }: Asked): boolean => end !== null && clock.nowMs() >= end.atMs
  const isDone = ({ end }: Asked): boolean => end !== null && clock.nowMs() >= end.doneMs
  const groups = newFakeGroups((region, group) =>
    [...known.values()].some((one) => one.region === region && one.group === group && !isDone(one)),
  )

  const stateOf = ({ data, phase }: ShelfMachine<Asked>): readonly [string, string] => {
    if (isDone(data)) return ['48', 'terminated']
    if (isOver(data)) return ['32', 'shutting-down']
    return phase === 'booting' ? ['0', 'pending'] : ['16', 'running']
  }

  const instanceOf = (machine: ShelfMachine<Asked>): Row => {
    const { id, data, address } = machine
    const [code, name] = stateOf(machine)
    return {
      instanceId: id,
      imageId: 'ami-0abcdef1234567890',
      instanceState: { code, name },
      instanceType: data.type,
      placement: { availabilityZone: `${data.region}a`, tenancy: 'default' },
      ...(data.spot && { instanceLifecycle: 'spot' }),
      ...(address !== null && !isOver(data) && { ipAddress: address }),
      ...(isOver(data) && { stateReason: { code: data.end?.reason, message: 'it has ended' } }),
      tagSet: [...data.tags].map(([key, value]) => ({ key, value })),
    }
  }

  const add = (name: string, data: Asked): ShelfMachine<Asked> => {
    if (failsNext) {
      const atMs = clock.nowMs() + knobs.bootMs
      data.end = { atMs, doneMs: atMs, reason: 'Server.InsufficientInstanceCapacity' }
      failsNext = false
    }
    const machine = shelf.add(name, data)
    known.set(machine.id, data)
    return machine
  }

  const end = (id: string, reason: string): void => {
    const data = known.get(id)
    const atMs = clock.nowMs()
    if (data && !isOver(data)) data.end = { atMs, doneMs: atMs + knobs.destroyMs, reason }
  }

  const run = (region: string, form: Row): FakeReply => {
    const token = `${region} ${textOf(form['ClientToken'])}`
    const text = JSON.stringify(form)
    const before = launched.get(token)
    const answer = (machine: Row): FakeReply => ({
      text: xmlAnswer('RunInstances', { reservationId: 'r-1', instancesSet: [machine] }),
    })
    if (before?.form === text) return answer(before.machine)
    if (before) return ec2Refusal(400, 'IdempotentParameterMismatch', 'Arguments differ')
    const group = textOf(form['SecurityGroup.1'])
    if (!groups.has(region, group)) return ec2Refusal(400, 'InvalidGroup.NotFound', 'no such group')
    if (!textOf(form['ImageId']).startsWith('resolve:ssm:/aws/service/')) {
      return ec2Refusal(400, 'InvalidAMIID.NotFound', 'no such image')
    }
    const tags = tagsAt(form, 'TagSpecification.1.Tag')
    const machine = instanceOf(
      add(tags.get('Name') ?? '', {
        region,
        type: textOf(form['InstanceType']),
        group,
        spot: form['InstanceMarketOptions.MarketType'] === 'spot',
        tags,
        end: null,
      }),
    )
    launched.set(token, { form: text, machine })
    return answer(machine)
  }

  const isShown = ({ end: over }: Asked): boolean =>
    over === null || clock.nowMs() < over.doneMs + shownForMs

  const describeOne = (region: string, id: string): FakeReply => {
    const machine = shelf.read(id)
    if (!machine || machine.data.region !== region || !isShown(machine.data)) {
      return ec2Refusal(400, 'InvalidInstanceID.NotFound', 'The instance ID does not exist')
    }
    const reservationSet = [{ reservationId: 'r-1', instancesSet: [instanceOf(machine)] }]
    return { text: xmlAnswer('DescribeInstances', { reservationSet }) }
  }

  const describe = (region: string, form: Row): FakeReply => {
    const owner = textOf(form['Filter.1.Value.1'])
    const states = valuesAt(form, 'Filter.2.Value')
    const all = shelf
      .list()
      .filter(({ data }) => data.region === region && isShown(data))
      .filter(({ data }) => data.tags.get('dso-owner') === owner)
      .filter((machine) => states.includes(stateOf(machine)[1]))
    const start = Number(textOf(form['NextToken']) || '0')
    const next = start + knobs.pageSize
    const reservationSet = all
      .slice(start, next)
      .map((machine) => ({ reservationId: 'r-1', instancesSet: [instanceOf(machine)] }))
    const more = next < all.length ? { nextToken: String(next) } : {}
    return { text: xmlAnswer('DescribeInstances', { reservationSet, ...more }) }
  }

  const describeRegions = (form: Row): FakeReply => {
    const shown = regions.filter(
      ([, status]) => form['AllRegions'] === 'true' || status !== 'not-opted-in',
    )
    const regionInfo = shown.map(([regionName, optInStatus]) => ({
      regionName,
      regionEndpoint: `ec2.${regionName}.amazonaws.com`,
      optInStatus,
    }))
    return { text: xmlAnswer('DescribeRegions', { regionInfo }) }
  }

  const terminate = (id: string): FakeReply => {
    if (!known.has(id)) {
      return ec2Refusal(400, 'InvalidInstanceID.NotFound', 'The instance ID does not exist')
    }
    end(id, 'Client.UserInitiatedShutdown')
    const currentState = { code: '32', name: 'shutting-down' }
    return {
      text: xmlAnswer('TerminateInstances', { instancesSet: [{ instanceId: id, currentState }] }),
    }
  }

  const tag = (form: Row): FakeReply => {
    for (const [key, value] of tagsAt(form, 'Tag')) {
      known.get(textOf(form['ResourceId.1']))?.tags.set(key, value)
    }
    return { text: xmlAnswer('CreateTags', { return: 'true' }) }
  }

  const handle = (request: FakeRequest): FakeReply => {
    const [, , region = ''] = request.path.split('/')
    const form = isRow(request.body) ? request.body : {}
    const isOpen = regions.some(([name, status]) => name === region && status !== 'not-opted-in')
    if (!isOpen || !isSignedFor(request, region)) {
      return ec2Refusal(401, 'AuthFailure', 'AWS was not able to validate the credentials')
    }
    switch (form['Action']) {
      case 'DescribeRegions':
        return describeRegions(form)
      case 'RunInstances':
        return run(region, form)
      case 'DescribeInstances': {
        const id = form['InstanceId.1']
        return typeof id === 'string' ? describeOne(region, id) : describe(region, form)
      }
      case 'TerminateInstances':
        return terminate(textOf(form['InstanceId.1']))
      case 'CreateTags':
        return tag(form)
      default:
        return (
          groups.handle(region, form) ??
          ec2Refusal(400, 'InvalidAction', 'The action is not valid for this web service.')
        )
    }
  }

  return {
    knobs,
    handle,
    machines: () => shelf.machines().filter(({ id }) => !isOver(known.get(id) ?? foreign)),
    sideObjects: () => groups.names(),
    addForeign: (name) => add(name, { ...foreign, tags: new Map([['Name', name]]) }).id,
    reclaim: (id) => {
      if (known.get(id)?.spot) end(id, 'Server.SpotInstanceTermination')
    },
    failNextLater: () => {
      failsNext = true
    },
    namesGiven: () => shelf.namesGiven(),
  }
}

const foreign: Asked = {
  region: 'us-east-1',
  type: 't3.micro',
  group: 'default',
  spot: false,
  tags: new Map(),
  end: null,
}
