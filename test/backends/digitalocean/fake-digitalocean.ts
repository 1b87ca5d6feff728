/** DigitalOcean by the fields that its specification documents. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'

interface Asked {
  readonly region: string
  readonly size: string
  readonly tags: readonly string[]
}

const statuses = {
  booting: 'new',
  running: 'active',
  destroying: 'active',
  gone: 'archive',
  failed: 'off',
  reclaimed: 'off',
} as const

const refusal = (status: number, id: string, message: string): FakeReply => ({
  status,
  json: { id, message, request_id: '4d9d8375-3c56-4925-a3e7-eb137fed17e9' },
})

const notFound = refusal(404, 'not_found', 'The resource you requested could not be found.')

const dropletOf = ({ id, name, data, phase, address }: ShelfMachine<Asked>): Row => ({
  id: Number(id),
  name,
  status: statuses[phase],
  tags: data.tags,
  region: { slug: data.region, name: data.region },
  size_slug: data.size,
  size: { slug: data.size, price_hourly: 0.00595 },
  networks: {
    v4: address === null ? [] : [{ ip_address: address, netmask: '255.255.240.0', type: 'public' }],
    v6: [],
  },
})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export const newFakeDigitalocean = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const shelf = newMachineShelf<Asked>(
    () => clock.nowMs(),
    knobs,
    (number) => String(3_164_000 + number),
  )
  const firewalls: { id: string; name: string; tags: readonly string[] }[] = []
  const tags = new Set<string>()

  const paged = (key: string, rows: readonly unknown[], { query }: FakeRequest): FakeReply => {
    const page = Number(query.get('page') ?? '1')
    const more = page * knobs.pageSize < rows.length
    return {
      json: {
        [key]: rows.slice((page - 1) * knobs.pageSize, page * knobs.pageSize),
        links: more ? { pages: { next: `https://api.digitalocean.com/?page=${page + 1}` } } : {},
        meta: { total: rows.length },
      },
    }
  }

  const createDroplet = (body: Row): FakeReply => {
    const asked = body['tags']
    const given = Array.isArray(asked) ? asked.map(textOf) : []
    const fields = ['name', 'region', 'size', 'image'].map((key) => textOf(body[key]))
    if (fields.includes('')) return refusal(422, 'unprocessable_entity', 'a field is missing')
    const [name = '', region = '', size = ''] = fields
    for (const tag of given) tags.add(tag)
    const made = shelf.add(name, { region, size, tags: given })
    return { status: 202, json: { droplet: dropletOf(made), links: { actions: [] } } }
  }

  const isShown = (data: Asked, query: URLSearchParams): boolean => {
    const tag = query.get('tag_name')
    const isGpu = data.size.startsWith('gpu-')
    return tag === null ? isGpu === (query.get('type') === 'gpus') : data.tags.includes(tag)
  }

  const retag = (id: string, change: (before: readonly string[]) => readonly string[]): void => {
    const machine = shelf.read(id)
    if (machine) shelf.change(id, { ...machine.data, tags: change(machine.data.tags) })
  }

  const tagResources = (tag: string, request: FakeRequest): FakeReply => {
    if (!tags.has(tag)) return notFound
    const resources = isRow(request.body) ? request.body['resources'] : null
    for (const one of Array.isArray(resources) ? resources : []) {
      const id = isRow(one) ? textOf(one['resource_id']) : ''
      retag(id, (before) => [
        ...before.filter((other) => other !== tag),
        ...(request.method === 'POST' ? [tag] : []),
      ])
    }
    return { status: 204 }
  }

  const createFirewall = (body: Row): FakeReply => {
    const name = textOf(body['name'])
    const wanted = Array.isArray(body['tags']) ? body['tags'].map(textOf) : []
    if (firewalls.some((one) => one.name === name))
      return refusal(409, 'conflict', 'duplicate name')
    if (wanted.some((tag) => !tags.has(tag))) {
      return refusal(422, 'unprocessable_entity', 'a tag does not exist')
    }
    const firewall = { id: `fb6045f1-${firewalls.length}`, name, tags: wanted }
    firewalls.push(firewall)
    return { status: 202, json: { firewall: { ...firewall, status: 'waiting' } } }
  }

  const handle = (request: FakeRequest): FakeReply => {
    const { method, path, query, body } = request
    const [, , kind = '', id = '', part = ''] = path.split('/').map(decodeURIComponent)
    const row = isRow(body) ? body : {}
    switch (`${method} ${kind}${id ? '/:' : ''}${part ? `/${part}` : ''}`) {
      case 'GET account':
        return { json: { account: { status: 'active', droplet_limit: 25 } } }
      case 'POST tags':
        tags.add(textOf(row['name']))
        return { status: 201, json: { tag: { name: row['name'], resources: { count: 0 } } } }
      case 'POST tags/:/resources':
      case 'DELETE tags/:/resources':
        return tagResources(id, request)
      case 'POST firewalls':
        return createFirewall(row)
      case 'GET firewalls':
        return paged('firewalls', firewalls, request)
      case 'DELETE firewalls/:': {
        const at = firewalls.findIndex((one) => one.id === id)
        if (at < 0) return notFound
        firewalls.splice(at, 1)
        return { status: 204 }
      }
      case 'POST droplets':
        return createDroplet(row)
      case 'GET droplets': {
        const shown = shelf.list().filter(({ data }) => isShown(data, query))
        return paged('droplets', shown.map(dropletOf), request)
      }
      case 'GET droplets/:': {
        const machine = shelf.read(id)
        return machine ? { json: { droplet: dropletOf(machine) } } : notFound
      }
      case 'DELETE droplets/:':
        return shelf.destroy(id) ? { status: 204 } : notFound
      default:
        return notFound
    }
  }

  return {
    knobs,
    handle,
    machines: () => shelf.machines(),
    sideObjects: () => firewalls.map(({ name }) => name),
    addForeign: (name) =>
      shelf.add(name, { region: 'nyc1', size: 's-1vcpu-1gb', tags: ['web'] }).id,
    failNextLater: () => shelf.failNextLater(),
    namesGiven: () => shelf.namesGiven(),
  }
}
