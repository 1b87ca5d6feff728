/** RunPod by the fields that its REST specification documents, and the two mutations that rent. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'

interface Asked {
  readonly env: Readonly<Record<string, string>>
  readonly ports: readonly string[]
  readonly usdPerHour: number
}

const statuses = {
  booting: 'STARTING',
  running: 'RUNNING',
  destroying: 'RUNNING',
  gone: 'TERMINATED',
  failed: 'ERROR',
  reclaimed: 'EXITED',
} as const

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const problem = (status: number, detail: string): FakeReply => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  json: { title: 'the request failed', status, detail },
})

const notFound = problem(404, 'not found')

const graphqlError = (message: string): FakeReply => ({
  json: { errors: [{ message, path: ['pod'] }], data: null },
})

const podOf = ({ id, name, data, phase, address }: ShelfMachine<Asked>): Row => {
  const mapped = data.ports.map((port, index) => ({
    private: Number(port.split('/')[0]),
    public: address === null ? null : 43_210 + index,
    type: port.split('/')[1],
    ip: address,
  }))
  return {
    id,
    name,
    status: statuses[phase],
    actions: [],
    env: data.env,
    ports: data.ports,
    cost: phase === 'reclaimed' ? 0 : data.usdPerHour,
    runtime: phase === 'running' ? { uptime: 1, ports: mapped } : null,
  }
}

const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isRow(value) ? value : {}).map(([key, one]) => [key, textOf(one)]),
  )

const pairsOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (Array.isArray(value) ? value : []).map((pair: unknown) =>
      isRow(pair) ? [textOf(pair['key']), textOf(pair['value'])] : ['', ''],
    ),
  )

export const newFakeRunpod = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const shelf = newMachineShelf<Asked>(
    () => clock.nowMs(),
    knobs,
    (number) => `pod${String(number).padStart(8, '0')}`,
  )
  const registries: { id: string; name: string }[] = []
  let made = 0

  const isRegistry = (id: unknown): boolean =>
    id === undefined || registries.some((one) => one.id === id)

  const createPod = (row: Row): FakeReply => {
    const name = textOf(row['name'])
    const { gpu, cpu, image, ports, registry } = row
    if (name === '' || textOf(image) === '') return problem(422, 'a field is missing')
    if (isRow(gpu) === isRow(cpu)) return problem(400, 'exactly one of gpu or cpu must be set')
    if (!isRegistry(registry)) return problem(400, 'no such registry')
    const given = (Array.isArray(ports) ? ports : []).map(textOf)
    const data = { env: textsOf(row['env']), ports: given, usdPerHour: 0.25 }
    return { status: 201, json: podOf(shelf.add(name, data)) }
  }

  const rent = ({ query, variables }: Row): FakeReply => {
    const field = /(podRentInterruptable|podFindAndDeployOnDemand)\(/.exec(textOf(query))?.[1]
    const input = isRow(variables) ? variables['input'] : null
    if (field === undefined || !isRow(input)) return graphqlError('Cannot query field')
    const isSpot = field === 'podRentInterruptable'
    if (isSpot !== (typeof input['bidPerGpu'] === 'number')) {
      return graphqlError('Variable "$input" got invalid value')
    }
    if (!isRegistry(input['containerRegistryAuthId'])) return graphqlError('no such registry')
    const ports = textOf(input['ports']).split(',')
    const data = { env: pairsOf(input['env']), ports, usdPerHour: 0.25 }
    const { id } = shelf.add(textOf(input['name']), data)
    return { json: { data: { [field]: { id, costPerHr: data.usdPerHour } } } }
  }

  const addRegistry = (row: Row): FakeReply => {
    const name = textOf(row['name'])
    if (registries.some((one) => one.name === name)) return problem(400, 'the name is taken')
    made += 1
    const registry = { id: `reg${made}`, name }
    registries.push(registry)
    return { status: 201, json: registry }
  }

  const handle = (request: FakeRequest): FakeReply => {
    const { method, path, body } = request
    const row = isRow(body) ? body : {}
    if (request.headers.authorization === undefined) return problem(401, 'no token')
    if (path === '/graphql') return rent(row)
    const [, , kind = '', id = ''] = path.split('/').map(decodeURIComponent)
    switch (`${method} ${kind}${id ? '/:' : ''}`) {
      case 'POST pods':
        return createPod(row)
      case 'GET pods':
        return { json: { pods: shelf.list().map(podOf) } }
      case 'GET pods/:': {
        const machine = shelf.read(id)
        return machine ? { json: podOf(machine) } : notFound
      }
      case 'DELETE pods/:':
        return shelf.destroy(id) ? { status: 204 } : notFound
      case 'GET registries':
        return { json: { registries } }
      case 'POST registries':
        return addRegistry(row)
      case 'DELETE registries/:': {
        const at = registries.findIndex((one) => one.id === id)
        if (at < 0) return notFound
        registries.splice(at, 1)
        return { status: 204 }
      }
      default:
        return notFound
    }
  }

  return {
    knobs,
    handle,
    machines: () => shelf.machines(),
    sideObjects: () => registries.map(({ name }) => name),
    addForeign: (name) => shelf.add(name, { env: {}, ports: ['8888/http'], usdPerHour: 1 }).id,
    reclaim: (id) => shelf.reclaim(id),
    failNextLater: () => shelf.failNextLater(),
    namesGiven: () => shelf.namesGiven(),
  }
}
