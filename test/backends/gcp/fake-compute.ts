/** Compute Engine by the fields that its API reference documents; every region has one zone. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'

interface Asked {
  readonly zone: string
  readonly machineType: string
  readonly spot: boolean
  labels: Row
  fingerprint: number
}

interface Operation {
  readonly name: string
  readonly doneMs: number
  readonly zone: string
  readonly failure: Row | null
}

const project = '/compute/compute/v1/projects/a-project'
const address = 'https://www.googleapis.com/compute/v1/projects/a-project'
const theToken = 'canary-gcp-token-93'

const statuses = {
  booting: 'STAGING',
  running: 'RUNNING',
  destroying: 'STOPPING',
  gone: 'TERMINATED',
  failed: 'TERMINATED',
  reclaimed: 'STOPPING',
} as const

export const computeRefusal = (status: number, reason: string, message: string): FakeReply => ({
  status,
  json: { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } },
})

/** An answer of success, to an operation that has failed. */
export const failedOperation = (code: string, message: string): FakeReply => ({
  json: {
    kind: 'compute#operation',
    name: 'operation-0',
    status: 'DONE',
    operationType: 'bulkInsert',
    error: { errors: [{ code, message }] },
    httpErrorStatusCode: 503,
  },
})

const notFound = computeRefusal(404, 'notFound', 'The resource was not found')

const rowAt = (value: unknown, key: string): Row => {
  const found = isRow(value) ? value[key] : null
  return isRow(found) ? found : {}
}

const textAt = (value: unknown, key: string): string => {
  const found = isRow(value) ? value[key] : null
  return typeof found === 'string' ? found : ''
}

export const newFakeCompute = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const shelf = newMachineShelf<Asked>(
    () => clock.nowMs(),
    knobs,
    (number) => String(number),
  )
  const firewalls = new Map<string, Row>()
  const operations = new Map<string, Operation>()
  const requests = new Map<string, { readonly text: string; readonly operation: Operation }>()
  const takenBack: Row[] = []
  let failsNext = false

  const instanceOf = ({ name, data, phase, address: host }: ShelfMachine<Asked>): Row => ({
    kind: 'compute#instance',
    id: '4567',
    name,
    zone: `${address}/zones/${data.zone}`,
    machineType: `${address}/zones/${data.zone}/machineTypes/${data.machineType}`,
    status: statuses[phase],
    labels: data.labels,
    labelFingerprint: String(data.fingerprint),
    networkInterfaces: [
      {
        network: `${address}/global/networks/default`,
        networkIP: '10.128.0.2',
        accessConfigs: [{ type: 'ONE_TO_ONE_NAT', ...(host !== null && { natIP: host }) }],
      },
    ],
  })

  const operationOf = ({ name, doneMs, zone, failure }: Operation): Row => {
    const isDone = clock.nowMs() >= doneMs
    const counts = { targetVmCount: 1, createdVmCount: isDone && failure === null ? 1 : 0 }
    return {
      kind: 'compute#operation',
      name,
      operationType: 'bulkInsert',
      status: isDone ? 'DONE' : 'RUNNING',
      progress: isDone ? 100 : 0,
      instancesBulkInsertOperationMetadata: { perLocationStatus: { [`zones/${zone}`]: counts } },
      ...(isDone && failure !== null && { error: { errors: [failure] } }),
    }
  }

  const begin = (zone: string, failure: Row | null, durationMs: number): Operation => {
    const name = `operation-${operations.size + 1}`
    const operation = { name, doneMs: clock.nowMs() + durationMs, zone, failure }
    operations.set(name, operation)
    return operation
  }

  const make = (region: string, body: unknown): Operation => {
    const zone = `${region}-b`
    const [name = ''] = Object.keys(rowAt(body, 'perInstanceProperties'))
    const properties = rowAt(body, 'instanceProperties')
    if (failsNext) {
      failsNext = false
      const code = 'ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS'
      return begin(zone, { code, message: `The zone does not have enough resources` }, 3000)
    }
    const data = {
      zone,
      machineType: textAt(properties, 'machineType'),
      spot: textAt(properties['scheduling'], 'provisioningModel') === 'SPOT',
      labels: rowAt(properties, 'labels'),
      fingerprint: 1,
    }
    shelf.add(name, data, name)
    return begin(zone, null, 3000)
  }

  const bulkInsert = (region: string, { query, text, body }: FakeRequest): FakeReply => {
    const id = query.get('requestId') ?? ''
    const before = requests.get(id)
    if (before && before.text !== text) {
      return computeRefusal(409, 'conflict', 'the request id was given to another request')
    }
    const operation = before?.operation ?? make(region, body)
    if (id !== '') requests.set(id, { text, operation })
    return { json: operationOf(operation) }
  }

  const aggregated = ({ query }: FakeRequest): FakeReply => {
    const [, owner] = /^labels\.dso-owner=(\w+)$/.exec(query.get('filter') ?? '') ?? []
    const all = shelf.list().filter(({ data }) => data.labels['dso-owner'] === owner)
    const start = Number(query.get('pageToken') ?? '0')
    const next = start + knobs.pageSize
    const shown = new Map<string, Row[]>()
    for (const machine of all.slice(start, next)) {
      const zone = `zones/${machine.data.zone}`
      shown.set(zone, [...(shown.get(zone) ?? []), instanceOf(machine)])
    }
    const warning = { code: 'NO_RESULTS_ON_PAGE', message: 'There are no results' }
    const items = {
      'zones/asia-east1-a': { warning },
      ...Object.fromEntries([...shown].map(([zone, instances]) => [zone, { instances }])),
    }
    return { json: { items, ...(next < all.length && { nextPageToken: String(next) }) } }
  }

  const machineIn = (zone: string, name: string): ShelfMachine<Asked> | null => {
    const machine = shelf.read(name)
    return machine?.data.zone === zone ? machine : null
  }

  const setLabels = (zone: string, name: string, body: unknown): FakeReply => {
    const data = machineIn(zone, name)?.data
    if (!data) return notFound
    if (textAt(body, 'labelFingerprint') !== String(data.fingerprint)) {
      return computeRefusal(412, 'conditionNotMet', 'Labels fingerprint is invalid')
    }
    data.labels = rowAt(body, 'labels')
    data.fingerprint += 1
    return { json: operationOf(begin(zone, null, 0)) }
  }

  const createFirewall = (body: unknown): FakeReply => {
    const name = textAt(body, 'name')
    if (firewalls.has(name)) return computeRefusal(409, 'alreadyExists', 'it exists already')
    firewalls.set(name, isRow(body) ? body : {})
    return { json: operationOf(begin('', null, 0)) }
  }

  const zonal = (request: FakeRequest, zone: string, name: string, verb: string): FakeReply => {
    if (verb === 'setLabels') return setLabels(zone, name, request.body)
    if (request.method === 'GET') {
      const machine = machineIn(zone, name)
      return machine ? { json: instanceOf(machine) } : notFound
    }
    return shelf.destroy(name) ? { json: operationOf(begin(zone, null, 0)) } : notFound
  }

  const regional = (request: FakeRequest, [region = '', kind, name = '']: string[]): FakeReply => {
    if (kind === 'instances') return bulkInsert(region, request)
    const operation = operations.get(name)
    return operation ? { json: operationOf(operation) } : notFound
  }

  const inProject = (request: FakeRequest, parts: string[]): FakeReply => {
    const [kind = '', place = '', what = '', name = '', verb = ''] = parts
    switch (`${request.method} ${kind}`) {
      case 'GET ':
        return { json: { kind: 'compute#project', name: 'a-project' } }
      case 'GET aggregated':
        return aggregated(request)
      case 'POST regions':
      case 'GET regions':
        return regional(request, parts.slice(1))
      case 'POST global':
        return createFirewall(request.body)
      case 'GET global': {
        const firewall = firewalls.get(what)
        return firewall ? { json: firewall } : notFound
      }
      case 'DELETE global':
        return firewalls.delete(what) ? { json: operationOf(begin('', null, 0)) } : notFound
      default:
        return kind === 'zones' && what === 'operations'
          ? { json: { items: takenBack.filter((one) => one['zone'] === place) } }
          : zonal(request, place, name, verb)
    }
  }

  const handle = (request: FakeRequest): FakeReply => {
    const { path, headers } = request
    if (path === '/token/token') return { json: { access_token: theToken, expires_in: 3599 } }
    if (headers.authorization !== `Bearer ${theToken}` || !path.startsWith(project)) {
      return computeRefusal(401, 'authError', 'Invalid Credentials')
    }
    return inProject(
      request,
      path
        .slice(project.length + 1)
        .split('/')
        .map(decodeURIComponent),
    )
  }

  const foreign = { zone: 'us-central1-b', machineType: 'e2-small', spot: false, fingerprint: 1 }

  return {
    knobs,
    handle,
    machines: () => shelf.machines(),
    sideObjects: () => [...firewalls.keys()],
    addForeign: (name) => shelf.add(name, { ...foreign, labels: {} }, name).id,
    reclaim: (id) => {
      const data = shelf.list().find((one) => one.id === id)?.data
      if (!data?.spot) return
      shelf.destroy(id)
      const targetLink = `${address}/zones/${data.zone}/instances/${id}`
      const operationType = 'compute.instances.preempted'
      takenBack.push({ name: `systemevent-${id}`, zone: data.zone, operationType, targetLink })
    },
    failNextLater: () => {
      failsNext = true
    },
    namesGiven: () => shelf.namesGiven(),
  }
}
