/** A container engine by the fields that its API documents, in memory: every image is there. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { printInstant } from '#platform/http-time'
import type { TestClock } from '../../contract/test-clock.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'

interface Container {
  readonly id: string
  readonly name: string
  readonly body: Row
  readonly created: string
  status: 'created' | 'running' | 'exited'
}

const refusal = (status: number, message: string): FakeReply => ({ status, json: { message } })
const missing = refusal(404, 'No such container')

const rowAt = (row: Row, key: string): Row => {
  const value = row[key]
  return isRow(value) ? value : {}
}

const detailsOf = ({ id, name, body, status, created }: Container): Row => {
  const isRunning = status === 'running'
  const ports = Object.keys(rowAt(body, 'ExposedPorts'))
  const mapped: Row = Object.fromEntries(
    ports.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '40080' }]]),
  )
  return {
    Id: id,
    Name: `/${name}`,
    Created: created,
    State: { Status: status, Running: isRunning, ExitCode: 0, OOMKilled: false, Error: '' },
    Config: { Labels: rowAt(body, 'Labels'), ExposedPorts: rowAt(body, 'ExposedPorts') },
    NetworkSettings: { Ports: isRunning ? mapped : {} },
  }
}

const labelIn = (query: URLSearchParams): string | null => {
  const filters: unknown = JSON.parse(query.get('filters') ?? '{}')
  const labels: unknown = isRow(filters) ? filters['label'] : null
  return Array.isArray(labels) && typeof labels[0] === 'string' ? labels[0] : null
}

export const newFakeEngine = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const containers = new Map<string, Container>()
  const given: string[] = []

  const find = (key: string): Container | undefined =>
    containers.get(key) ?? [...containers.values()].find(({ name }) => name === key)

  const add = (name: string, body: Row, status: Container['status']): Container => {
    const id = String(given.length + 1).padStart(64, '0')
    const container = { id, name, body, status, created: printInstant(clock.nowMs()) }
    containers.set(id, container)
    given.push(name)
    return container
  }

  const create = ({ query, body }: FakeRequest): FakeReply => {
    const name = query.get('name') ?? ''
    if (find(name)) return refusal(409, `The container name "/${name}" is already in use`)
    const { id } = add(name, isRow(body) ? body : {}, 'created')
    return { status: 201, json: { Id: id, Warnings: [] } }
  }

  const list = ({ query }: FakeRequest): FakeReply => {
    const [key = '', value] = labelIn(query)?.split('=') ?? []
    const shown = [...containers.values()].filter(
      ({ body }) => rowAt(body, 'Labels')[key] === value,
    )
    return { json: shown.map(({ id, name }) => ({ Id: id, Names: [`/${name}`] })) }
  }

  const change = (container: Container, verb: string): FakeReply => {
    const wanted = verb === 'start' ? 'running' : 'exited'
    if (container.status === wanted) return { status: 304 }
    container.status = wanted
    return { status: 204 }
  }

  const handle = (request: FakeRequest): FakeReply => {
    const { method, path } = request
    const [kind = '', key = '', verb = ''] = path.split('/').slice(1)
    if (kind === '_ping') return { text: 'OK' }
    if (kind === 'images') return { json: { Id: 'sha256:1' } }
    if (kind !== 'containers') return refusal(404, 'page not found')
    if (key === 'create') return create(request)
    if (key === 'json') return list(request)
    const container = find(decodeURIComponent(key))
    if (container === undefined) return missing
    if (method === 'GET') return { json: detailsOf(container) }
    if (method === 'POST') return change(container, verb)
    containers.delete(container.id)
    return { status: 204 }
  }

  return {
    knobs,
    handle,
    machines: () => [...containers.values()].map(({ name }) => ({ id: name, name })),
    sideObjects: () => [],
    addForeign: (name) => add(name, {}, 'running').name,
    namesGiven: () => given,
  }
}
