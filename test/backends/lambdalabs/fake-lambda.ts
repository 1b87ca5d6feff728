/** Lambda by the fields that its API documents. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'

interface Asked {
  readonly region: string
  readonly type: string
  readonly tags: unknown
}

const statuses = {
  booting: 'booting',
  running: 'active',
  destroying: 'terminating',
  gone: 'terminated',
  failed: 'unhealthy',
  reclaimed: 'preempted',
} as const

const refusal = (status: number, code: string, message: string): FakeReply => ({
  status,
  json: { error: { code, message, suggestion: '' } },
})

const notFound = refusal(404, 'global/object-does-not-exist', 'Specified object does not exist.')

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const instanceOf = ({ id, name, data, phase, address }: ShelfMachine<Asked>): Row => ({
  id,
  name,
  status: statuses[phase],
  region: { name: data.region, description: '' },
  instance_type: { name: data.type, price_cents_per_hour: 75 },
  hostname: name,
  tags: data.tags,
  ...(address !== null && { ip: address }),
})

export const newFakeLambda = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const idOf = (number: number): string =>
    `0920582c7ff041399e34823a0be6${String(number).padStart(4, '0')}`
  const shelf = newMachineShelf<Asked>(() => clock.nowMs(), knobs, idOf)
  const keys: { id: string; name: string; public_key: string }[] = []
  let keysMade = 0

  const addKey = (body: Row): FakeReply => {
    const [name, publicKey] = [textOf(body['name']), textOf(body['public_key'])]
    if (keys.some((key) => key.name === name)) {
      return refusal(400, 'global/duplicate', 'The name is taken.')
    }
    if (!publicKey.startsWith('ssh-')) {
      return refusal(400, 'global/invalid-parameters', 'public_key is no key')
    }
    keysMade += 1
    const key = {
      id: `ddf9a910ceb744a0bb95242cbba6${String(keysMade).padStart(4, '0')}`,
      name,
      public_key: publicKey,
    }
    keys.push(key)
    return { json: { data: key } }
  }

  const launch = (body: Row): FakeReply => {
    const named = body['ssh_key_names']
    const [key, ...more] = Array.isArray(named) ? named.map(textOf) : []
    if (more.length > 0 || !keys.some(({ name }) => name === key)) {
      return refusal(400, 'global/invalid-parameters', 'exactly one known key is needed')
    }
    const data = {
      region: textOf(body['region_name']),
      type: textOf(body['instance_type_name']),
      tags: body['tags'] ?? [],
    }
    const { id } = shelf.add(textOf(body['name']), data)
    return { json: { data: { instance_ids: [id] } } }
  }

  const terminate = (body: Row): FakeReply => {
    const ids = body['instance_ids']
    const [id = ''] = Array.isArray(ids) ? ids.map(textOf) : []
    return shelf.destroy(id) ? { json: { data: { terminated_instances: [{ id }] } } } : notFound
  }

  const retag = (id: string, tags: unknown): FakeReply => {
    const machine = shelf.read(id)
    if (machine === null) return notFound
    shelf.change(id, { ...machine.data, tags })
    return { json: { data: instanceOf({ ...machine, data: { ...machine.data, tags } }) } }
  }

  const handle = ({ method, path, body }: FakeRequest): FakeReply => {
    const [, , , kind = '', id = ''] = path.split('/').map(decodeURIComponent)
    const row = isRow(body) ? body : {}
    const place = kind === 'instance-operations' ? `${kind}/${id}` : `${kind}${id ? '/:' : ''}`
    switch (`${method} ${place}`) {
      case 'GET ssh-keys':
        return { json: { data: keys } }
      case 'POST ssh-keys':
        return addKey(row)
      case 'DELETE ssh-keys/:': {
        const at = keys.findIndex((key) => key.id === id)
        if (at < 0) return notFound
        keys.splice(at, 1)
        return { json: {} }
      }
      case 'POST instance-operations/launch':
        return launch(row)
      case 'POST instance-operations/terminate':
        return terminate(row)
      case 'GET instances':
        return { json: { data: shelf.list().map(instanceOf) } }
      case 'GET instances/:': {
        const machine = shelf.read(id)
        return machine ? { json: { data: instanceOf(machine) } } : notFound
      }
      case 'POST instances/:':
        return retag(id, row['tags'])
      default:
        return notFound
    }
  }

  return {
    knobs,
    handle,
    machines: () => shelf.machines(),
    sideObjects: () => keys.map(({ name }) => name),
    addForeign: (name) => shelf.add(name, { region: 'us-east-1', type: 'gpu_1x_a10', tags: [] }).id,
    namesGiven: () => shelf.namesGiven(),
  }
}
