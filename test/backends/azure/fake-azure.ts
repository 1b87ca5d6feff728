/** Azure by the fields that its specifications document: groups, networks and machines. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'
import { azureRefusal, isTagged, rowAt, textIn } from './azure-answers.ts'
import { newFakeGroups } from './fake-groups.ts'

interface Asked {
  readonly id: string
  readonly group: string
  readonly location: string
  readonly tags: Row
}

const states = {
  booting: ['Creating', 'PowerState/starting'],
  running: ['Succeeded', 'PowerState/running'],
  destroying: ['Deleting', 'PowerState/stopping'],
  gone: ['Deleting', 'PowerState/stopping'],
  failed: ['Failed', 'ProvisioningState/failed/AllocationFailed'],
  reclaimed: ['Deleting', 'PowerState/deallocated'],
} as const

const subscriptionId = 'canary-azure-subscription-4c'
const token = 'canary-azure-token-5b'

const notFound = azureRefusal(404, 'ResourceNotFound', 'The resource was not found.')

const interfaceOf = ({ group, id }: Asked): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Network/networkInterfaces/${id.split('/').at(-1) ?? ''}`

const machineOf = (machine: ShelfMachine<Asked>, withView: boolean): Row => {
  const { name, data, phase } = machine
  const [provisioningState, code] = states[phase]
  return {
    // Lists and reads spell the group as they like.
    id: data.id.replace(data.group, data.group.toUpperCase()),
    name,
    type: 'Microsoft.Compute/virtualMachines',
    location: data.location,
    tags: data.tags,
    properties: {
      provisioningState,
      networkProfile: { networkInterfaces: [{ id: interfaceOf(data) }] },
      ...(withView && { instanceView: { statuses: [{ code, level: 'Info', message: 'told' }] } }),
    },
  }
}

/** What a machine must say, or it is refused. */
const problemOf = (body: Row): string | null => {
  const properties = rowAt(body, 'properties')
  const nic = rowAt(properties, 'networkProfile', 'networkInterfaceConfigurations', 0, 'properties')
  const ip = rowAt(nic, 'ipConfigurations', 0, 'properties')
  if (!isTagged(body)) return 'location or tags'
  if (textIn(rowAt(properties, 'hardwareProfile'), 'vmSize') === '') return 'vmSize'
  if (!textIn(rowAt(ip, 'subnet'), 'id').startsWith(`/subscriptions/${subscriptionId}/`)) {
    return 'subnet'
  }
  const goers = [
    nic,
    rowAt(ip, 'publicIPAddressConfiguration', 'properties'),
    rowAt(properties, 'storageProfile', 'osDisk'),
  ]
  if (goers.some((one) => one['deleteOption'] !== 'Delete')) return 'deleteOption'
  const isSpot = properties['priority'] === 'Spot'
  return isSpot && properties['evictionPolicy'] !== 'Delete' ? 'evictionPolicy' : null
}

export const newFakeAzure = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const shelf = newMachineShelf<Asked>(
    () => clock.nowMs(),
    knobs,
    (number) => `vm-${number}`,
  )
  const evicted = new Set<string>()
  const ofGroup = (group: string) =>
    shelf.list().filter(({ id, data }) => data.group === group && !evicted.has(id))
  const groups = newFakeGroups(
    () => clock.nowMs(),
    knobs,
    (group) => {
      for (const one of living()) if (one.group === group) shelf.destroy(one.id)
    },
  )
  const living = () =>
    shelf.machines().map((one) => ({ ...one, group: one.id.split('/').at(4) ?? '' }))

  const putMachine = (id: string, group: string, { body, headers }: FakeRequest): FakeReply => {
    const row = isRow(body) ? body : {}
    const found = groups.find(group)
    if (found === null) return azureRefusal(404, 'ResourceGroupNotFound', 'no such group')
    if (found.removedMs !== null) {
      return azureRefusal(409, 'ResourceGroupBeingDeleted', 'the group is being deleted')
    }
    const problem = problemOf(row)
    if (problem !== null) return azureRefusal(400, 'InvalidParameter', `wrong: ${problem}`)
    if (living().some((one) => one.id === id)) {
      if (headers['if-none-match'] !== '*') throw new Error('a machine would be written over')
      return azureRefusal(412, 'PreconditionFailed', 'the resource exists')
    }
    const data = { id, group, location: textIn(row, 'location'), tags: rowAt(row, 'tags') }
    const made = shelf.add(id.split('/').at(-1) ?? '', data, id)
    return { status: 201, headers: { 'retry-after': '10' }, json: machineOf(made, false) }
  }

  const readMachine = (id: string, query: URLSearchParams): FakeReply => {
    const machine = shelf.read(id)
    if (!machine || evicted.has(id)) return notFound
    return { json: machineOf(machine, query.get('$expand') === 'instanceView') }
  }

  const readInterface = (group: string, name: string, query: URLSearchParams): FakeReply => {
    const machine = ofGroup(group).find((one) => one.name === name)
    if (!machine) return notFound
    const isWhole = query.get('$expand') === 'ipConfigurations/publicIPAddress'
    const properties = machine.address === null ? {} : { ipAddress: machine.address }
    const publicIPAddress = { id: `${machine.data.id}/ip`, ...(isWhole && { properties }) }
    return {
      json: { name, properties: { ipConfigurations: [{ properties: { publicIPAddress } }] } },
    }
  }

  const paged = (rows: readonly Row[], { query, path }: FakeRequest): FakeReply => {
    const at = Number(query.get('$skiptoken') ?? '0')
    const next = at + knobs.pageSize
    const place = path.replace(/^\/management/, 'https://management.azure.com')
    const nextLink = `${place}?api-version=1&%24skiptoken=${next}`
    return {
      json: {
        value: rows.slice(at, next),
        ...(next < rows.length && { nextLink }),
      },
    }
  }

  const contents = (group: string): readonly Row[] => [
    ...[...(groups.find(group)?.resources.values() ?? [])].map(({ name, type }) => ({
      name,
      type,
    })),
    ...ofGroup(group).map(({ name }) => ({ name, type: 'Microsoft.Compute/virtualMachines' })),
  ]

  const retag = (id: string, body: unknown): FakeReply => {
    const machine = shelf.read(id)
    if (!machine) return notFound
    const tags = rowAt(body, 'properties', 'tags')
    shelf.change(id, { ...machine.data, tags: { ...machine.data.tags, ...tags } })
    return { json: { properties: { tags: { ...machine.data.tags, ...tags } } } }
  }

  const ofMachine = (id: string, group: string, request: FakeRequest): FakeReply => {
    switch (request.method) {
      case 'PUT':
        return putMachine(id, group, request)
      case 'GET':
        return readMachine(id, request.query)
      case 'DELETE':
        return shelf.destroy(id) ? { status: 202 } : { status: 204 }
      default:
        return notFound
    }
  }

  const ofGroupItself = (name: string, id: string, { method, body }: FakeRequest): FakeReply => {
    if (method === 'PUT') return groups.put(name, id, isRow(body) ? body : {})
    return method === 'DELETE' ? groups.remove(name) : groups.read(name)
  }

  const ofNetwork = (
    id: string,
    { group, kind, name }: { group: string; kind: string; name: string },
    { method, body }: FakeRequest,
  ): FakeReply => {
    if (method !== 'PUT') return groups.readResource(group, id)
    const type = `Microsoft.Network/${kind}`
    return groups.putResource(group, { id, name, type, body: isRow(body) ? body : {} })
  }

  const manage = (id: string, request: FakeRequest): FakeReply => {
    const [, , , , group = '', part = '', , kind = '', name = '', more] = id.split('/')
    if (group === '') return { json: { id, subscriptionId, state: 'Enabled' } }
    if (part === '') return ofGroupItself(group, id, request)
    if (part === 'resources') return paged(contents(group), request)
    if (more !== undefined) return retag(id.split('/').slice(0, 9).join('/'), request.body)
    if (kind === 'networkInterfaces') return readInterface(group, name, request.query)
    if (kind !== 'virtualMachines') return ofNetwork(id, { group, kind, name }, request)
    if (name !== '') return ofMachine(id, group, request)
    const shown = ofGroup(group).map((machine) => machineOf(machine, false))
    return paged(shown, request)
  }

  const handle = (request: FakeRequest): FakeReply => {
    const { path, query, headers } = request
    if (path.startsWith('/login/')) return { json: { access_token: token, expires_in: 3599 } }
    if (headers.authorization !== `Bearer ${token}`) {
      return azureRefusal(401, 'InvalidAuthenticationToken', 'The access token is invalid.')
    }
    if (!query.has('api-version')) {
      return azureRefusal(400, 'MissingApiVersionParameter', 'The api-version is required.')
    }
    return manage(decodeURIComponent(path.slice('/management'.length)), request)
  }

  return {
    knobs,
    handle,
    machines: () => shelf.machines(),
    sideObjects: () => groups.names(),
    addForeign: (name) => {
      const group = 'web'
      const id = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`
      return shelf.add(name, { id, group, location: 'eastus', tags: { team: 'web' } }, id).id
    },
    // An evicted machine is deleted, as it was told to be, and nothing says why.
    reclaim: (id) => {
      evicted.add(id)
      shelf.destroy(id)
    },
    failNextLater: () => shelf.failNextLater(),
    namesGiven: () => shelf.namesGiven(),
  }
}
