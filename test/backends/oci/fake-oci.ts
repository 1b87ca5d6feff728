/** Oracle's Core and Identity by the fields that their API references document, region by region. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'
import { newFakeNetwork } from './fake-network.ts'
import { account, isSigned, notThere, ociRefusal } from './oci-answers.ts'

interface End {
  readonly atMs: number
  readonly doneMs: number
}

interface Asked {
  readonly region: string
  readonly body: Row
  hasFailed: boolean
  tags: Row
  end: End | null
}

/** Domains by region; the tenancy has subscribed to these. */
const domains: Readonly<Record<string, readonly string[]>> = {
  'eu-zurich-1': ['Xyzw:EU-ZURICH-1-AD-1'],
  'eu-paris-1': ['Xyzw:EU-PARIS-1-AD-1'],
  'eu-marseille-1': ['Xyzw:EU-MARSEILLE-1-AD-1'],
  'us-ashburn-1': ['Xyzw:US-ASHBURN-AD-1', 'Xyzw:US-ASHBURN-AD-2', 'Xyzw:US-ASHBURN-AD-3'],
}

/** The older one is not in every domain. */
const shapesIn = (domain: string): readonly string[] => [
  'VM.Standard.E4.Flex',
  'VM.Standard.A1.Flex',
  'VM.GPU.A10.1',
  ...(domain.endsWith('ASHBURN-AD-1') ? [] : ['VM.Standard2.2']),
]

const image = (name: string, operatingSystem: string, operatingSystemVersion: string): Row => ({
  id: `ocid1.image.${name}`,
  compartmentId: null,
  operatingSystem,
  operatingSystemVersion,
})

const images: readonly Row[] = [
  { ...image('own', 'Canonical Ubuntu', '24.04'), compartmentId: account.compartment },
  image('other', 'Some System', '24.04'),
  image('ubuntu', 'Canonical Ubuntu', '24.04'),
  image('old', 'Canonical Ubuntu', '22.04'),
]

const driven: Row = {
  ...image('driven', 'Canonical Ubuntu', '22.04'),
  compartmentId: account.compartment,
  freeformTags: { 'dso-image': 'nvidia' },
}

/** Where the user has put an image for accelerators. */
const hasDriven = (region: string): boolean => region === 'eu-marseille-1'

const shownForMs = 3_600_000
const mostMetadataBytes = 32_000

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const rowOr = (value: unknown): Row => (isRow(value) ? value : {})

const isAnImage = (id: unknown): boolean => [...images, driven].some((one) => one['id'] === id)

const isLaunchable = ({ body, region }: Asked): boolean => {
  const domain = textOf(body['availabilityDomain'])
  return (
    (domains[region] ?? []).includes(domain) &&
    shapesIn(domain).includes(textOf(body['shape'])) &&
    isAnImage(rowOr(body['sourceDetails'])['imageId'])
  )
}

const foreign = (): Asked => ({
  region: 'eu-paris-1',
  body: {},
  hasFailed: false,
  tags: {},
  end: null,
})

export const newFakeOci = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const shelf = newMachineShelf<Asked>(
    () => clock.nowMs(),
    knobs,
    (number) => `ocid1.instance.oc1..${String(number).padStart(8, '0')}`,
  )
  const known = new Map<string, Asked>()
  const made = new Map<string, { readonly text: string; readonly reply: FakeReply }>()
  let failsNext = false

  const isOver = ({ end }: Asked): boolean => end !== null && clock.nowMs() >= end.atMs
  const isDone = ({ end }: Asked): boolean => end !== null && clock.nowMs() >= end.doneMs
  const isShown = ({ end }: Asked): boolean => !end || clock.nowMs() < end.doneMs + shownForMs
  const network = newFakeNetwork(clock, (subnetId) =>
    [...known.values()].some(
      (one) => rowOr(one.body['createVnicDetails'])['subnetId'] === subnetId && !isDone(one),
    ),
  )

  const stateOf = ({ data, phase }: ShelfMachine<Asked>): string => {
    if (isDone(data)) return 'TERMINATED'
    if (isOver(data)) return 'TERMINATING'
    return phase === 'booting' ? 'PROVISIONING' : 'RUNNING'
  }

  const instanceOf = (machine: ShelfMachine<Asked>): Row => ({
    id: machine.id,
    displayName: machine.name,
    availabilityDomain: machine.data.body['availabilityDomain'],
    compartmentId: account.compartment,
    region: machine.data.region,
    shape: machine.data.body['shape'],
    lifecycleState: stateOf(machine),
    freeformTags: machine.data.tags,
    timeCreated: '2026-11-24T12:00:00.000Z',
  })

  const add = (name: string, data: Asked): ShelfMachine<Asked> => {
    if (failsNext) {
      const atMs = clock.nowMs() + knobs.bootMs
      data.end = { atMs, doneMs: atMs }
      data.hasFailed = true
      failsNext = false
    }
    const machine = shelf.add(name, data)
    known.set(machine.id, data)
    return machine
  }

  const end = (data: Asked | undefined, tookMs: number): void => {
    const atMs = clock.nowMs()
    if (data && !isOver(data)) data.end = { atMs, doneMs: atMs + tookMs }
  }

  const launch = (region: string, body: Row): FakeReply => {
    const tags = rowOr(body['freeformTags'])
    const data: Asked = { region, body, hasFailed: false, tags, end: null }
    if (body['compartmentId'] !== account.compartment || !isLaunchable(data)) return notThere
    if (!network.isOpen(region, rowOr(body['createVnicDetails'])['subnetId'])) return notThere
    if (JSON.stringify(body['metadata'] ?? {}).length > mostMetadataBytes) {
      return ociRefusal(400, 'InvalidParameter', 'Metadata is too large')
    }
    return { json: instanceOf(add(textOf(body['displayName']), data)) }
  }

  const visible = (region: string, id: string): ShelfMachine<Asked> | null => {
    const machine = shelf.read(id)
    return machine?.data.region === region && isShown(machine.data) ? machine : null
  }

  const listed = (region: string, query: URLSearchParams): FakeReply => {
    if (query.get('compartmentId') !== account.compartment) return notThere
    const all = shelf.list().filter(({ data }) => data.region === region && isShown(data))
    const start = Number(query.get('page') ?? '0')
    const next = start + knobs.pageSize
    return {
      json: all.slice(start, next).map(instanceOf),
      ...(next < all.length && { headers: { 'opc-next-page': String(next) } }),
    }
  }

  const onInstance = (region: string, id: string, { method, body }: FakeRequest): FakeReply => {
    const data = known.get(id)
    if (method === 'GET') {
      const machine = visible(region, id)
      return machine ? { json: instanceOf(machine) } : notThere
    }
    if (data?.region !== region || isDone(data)) return notThere
    if (method === 'DELETE') {
      end(data, knobs.destroyMs)
      return { status: 204 }
    }
    data.tags = rowOr(rowOr(body)['freeformTags'])
    return { json: { id, freeformTags: data.tags } }
  }

  const attachments = (region: string, query: URLSearchParams): FakeReply => {
    const instanceId = query.get('instanceId') ?? ''
    if (!visible(region, instanceId)) return { json: [] }
    return { json: [{ instanceId, lifecycleState: 'ATTACHED', vnicId: `vnic-of-${instanceId}` }] }
  }

  const vnic = (region: string, id: string): FakeReply => {
    const machine = visible(region, id.replace('vnic-of-', ''))
    return machine ? { json: { id, publicIp: machine.address } } : notThere
  }

  /** Of the machine's launch, which was all that was done in the background. */
  const work = (region: string, id: string | undefined, query: URLSearchParams): FakeReply => {
    const data = known.get(query.get('resourceId') ?? id?.replace('work-on-', '') ?? '')
    if (data?.region !== region) return { json: [] }
    const hasFailed = data.hasFailed && isDone(data)
    if (id !== undefined) {
      const error = { code: 'InternalError', message: 'Out of host capacity.' }
      return { json: hasFailed ? [{ ...error, timestamp: '2026-11-24T12:00:00Z' }] : [] }
    }
    const status = hasFailed ? 'FAILED' : 'SUCCEEDED'
    const one = {
      id: `work-on-${query.get('resourceId')}`,
      operationType: 'LaunchInstance',
      status,
    }
    return { json: [one] }
  }

  const imagesIn = (region: string, query: URLSearchParams): FakeReply => {
    const all = hasDriven(region) ? [...images, driven] : images
    const keys = ['operatingSystem', 'operatingSystemVersion']
    const isAsked = (one: Row): boolean =>
      keys.every((key) => !query.has(key) || one[key] === query.get(key))
    return { json: all.filter(isAsked) }
  }

  const core = (region: string, path: readonly string[], request: FakeRequest): FakeReply => {
    const [kind, id] = path
    const { query, method } = request
    if (kind === 'instances') {
      if (id !== undefined) return onInstance(region, id, request)
      return method === 'POST' ? launch(region, rowOr(request.body)) : listed(region, query)
    }
    if (kind === 'images') return imagesIn(region, query)
    if (kind === 'workRequests') return work(region, id, query)
    if (kind === 'vnicAttachments') return attachments(region, query)
    if (kind === 'vnics' && id !== undefined) return vnic(region, id)
    if (kind === 'shapes') {
      const shapes = shapesIn(query.get('availabilityDomain') ?? '')
      return { json: shapes.map((shape) => ({ shape })) }
    }
    return network.handle(region, path, request) ?? ociRefusal(404, 'NotFound')
  }

  /** A token gives what it gave before; what was removed since is not made again. */
  const once = (request: FakeRequest, answer: () => FakeReply): FakeReply => {
    const token = request.headers['opc-retry-token']
    if (request.method !== 'POST' || typeof token !== 'string') return answer()
    const before = made.get(`${request.path} ${token}`)
    if (before?.text === request.text) return before.reply
    if (before) return ociRefusal(400, 'InvalidParameter', 'another body for the token')
    const reply = answer()
    if (reply.status === undefined)
      made.set(`${request.path} ${token}`, { text: request.text, reply })
    return reply
  }

  const identity = (region: string, path: readonly string[]): FakeReply => {
    if (path[0] === 'availabilityDomains') {
      return { json: domains[region]?.map((name) => ({ name, compartmentId: account.tenancy })) }
    }
    if (path[0] !== 'tenancies' || path[1] !== account.tenancy) return notThere
    const rows = Object.keys(domains).map((regionName) => ({
      regionName,
      status: 'READY',
      isHomeRegion: regionName === 'eu-zurich-1',
    }))
    return { json: [...rows, { regionName: 'ap-osaka-1', status: 'IN_PROGRESS' }] }
  }

  const handle = (request: FakeRequest): FakeReply => {
    const [, service, region = '', version, ...path] = request.path
      .split('/')
      .map(decodeURIComponent)
    if (!domains[region] || !isSigned(request, clock.nowMs())) {
      return ociRefusal(401, 'NotAuthenticated', 'The required information was not provided')
    }
    if (version !== '20160918') return ociRefusal(404, 'NotFound')
    if (service === 'identity') return identity(region, path)
    return once(request, () => core(region, path, request))
  }

  return {
    knobs,
    handle,
    machines: () => shelf.machines().filter(({ id }) => !isOver(known.get(id) ?? foreign())),
    sideObjects: () => network.names(),
    addForeign: (name) => add(name, foreign()).id,
    reclaim: (id) => {
      const data = known.get(id)
      if (data?.body['preemptibleInstanceConfig'] !== undefined) end(data, 0)
    },
    failNextLater: () => {
      failsNext = true
    },
    namesGiven: () => shelf.namesGiven(),
  }
}
