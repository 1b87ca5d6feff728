/** Verda by the fields that its API and the vendor's SDKs document. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'

interface Asked {
  readonly type: string
  readonly location: string
  readonly isSpot: boolean
  readonly disk: string
}

interface Named {
  readonly id: string
  readonly name: string
}

const statuses = {
  booting: 'provisioning',
  running: 'running',
  destroying: 'deleting',
  gone: 'discontinued',
  failed: 'no_capacity',
  reclaimed: 'discontinued',
} as const

const refusal = (status: number, code: string, message: string): FakeReply => ({
  status,
  json: { code, message },
})

const notFound = refusal(404, 'not_found', 'not found')
const invalid = refusal(400, 'invalid_request', 'a field is missing or unknown')

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const instanceOf = ({ id, name, data, phase, address }: ShelfMachine<Asked>): Row => ({
  id,
  hostname: name,
  description: 'somebody’s',
  status: statuses[phase],
  ip: address,
  instance_type: data.type,
  location: data.location,
  is_spot: data.isSpot,
  price_per_hour: 0.02,
  os_volume_id: data.disk,
})

export const newFakeVerda = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const idOf = (number: number): string =>
    `7f3c1f1a-0000-4000-8000-${String(number).padStart(12, '0')}`
  const shelf = newMachineShelf<Asked>(() => clock.nowMs(), knobs, idOf)
  const named: Readonly<Record<string, Named[]>> = { 'ssh-keys': [], scripts: [] }
  const disks = new Set<string>()
  let made = 0

  const addNamed = (all: Named[], body: Row): FakeReply => {
    const name = textOf(body['name'])
    if (name === '' || (body['key'] ?? body['script']) === undefined) return invalid
    made += 1
    const one = { id: `object-${made}`, name }
    all.push(one)
    return { status: 201, text: one.id }
  }

  const isKnown = (kind: string, id: unknown): boolean =>
    named[kind]?.some((one) => one.id === id) ?? false

  const deploy = (body: Row): FakeReply => {
    const keys = body['ssh_key_ids']
    const fields = ['instance_type', 'image', 'hostname', 'description', 'location_code']
    if (fields.some((field) => textOf(body[field]) === '')) return invalid
    if (!Array.isArray(keys) || !keys.every((key) => isKnown('ssh-keys', key))) return invalid
    if (!isKnown('scripts', body['startup_script_id'])) return invalid
    const volume = isRow(body['os_volume']) ? body['os_volume'] : {}
    const isSpot = body['is_spot'] === true
    if (!isSpot && 'on_spot_discontinue' in volume) return invalid
    made += 1
    const disk = `disk-${made}`
    disks.add(disk)
    const type = textOf(body['instance_type'])
    const location = textOf(body['location_code'])
    const { id } = shelf.add(textOf(body['hostname']), { type, location, isSpot, disk })
    return { status: 202, text: id }
  }

  const act = (body: Row): FakeReply => {
    const ids = body['id']
    const [id = ''] = Array.isArray(ids) ? ids.map(textOf) : [textOf(ids)]
    if (body['action'] !== 'delete' || !shelf.destroy(id)) return notFound
    const volumes = body['volume_ids']
    for (const volume of Array.isArray(volumes) ? volumes.map(textOf) : []) disks.delete(volume)
    return { status: 202 }
  }

  const namedCalls = (kind: string, id: string, { method, body }: FakeRequest): FakeReply => {
    const all = named[kind] ?? []
    if (method === 'GET') return { json: all }
    if (method === 'POST') return addNamed(all, isRow(body) ? body : {})
    const at = all.findIndex((one) => one.id === id)
    if (at < 0) return notFound
    all.splice(at, 1)
    return { status: 200 }
  }

  const handle = (request: FakeRequest): FakeReply => {
    const { method, path, body } = request
    const [, , kind = '', id = ''] = path.split('/').map(decodeURIComponent)
    const row = isRow(body) ? body : {}
    if (kind === 'oauth2') return { json: { access_token: 'canary-token', expires_in: 3600 } }
    if (kind in named) return namedCalls(kind, id, request)
    if (kind !== 'instances') return notFound
    if (method === 'POST') return deploy(row)
    if (method === 'PUT') return act(row)
    if (id === '') return { json: shelf.list().map(instanceOf) }
    const machine = shelf.read(id)
    return machine ? { json: instanceOf(machine) } : notFound
  }

  const reclaimed = new Set<string>()

  /** It costs nothing any more, and takes its disk with it, as it was told to. */
  const reclaim = (id: string): void => {
    const machine = shelf.read(id)
    if (machine === null || !machine.data.isSpot) return
    disks.delete(machine.data.disk)
    shelf.reclaim(id)
    reclaimed.add(id)
  }

  return {
    knobs,
    handle,
    machines: () => shelf.machines().filter(({ id }) => !reclaimed.has(id)),
    sideObjects: () => [
      ...Object.values(named).flatMap((all) => all.map(({ name }) => name)),
      ...disks,
    ],
    addForeign: (name) =>
      shelf.add(name, { type: 'CPU.4V.16G', location: 'FIN-01', isSpot: false, disk: 'theirs' }).id,
    reclaim,
    failNextLater: () => shelf.failNextLater(),
    namesGiven: () => shelf.namesGiven(),
  }
}
