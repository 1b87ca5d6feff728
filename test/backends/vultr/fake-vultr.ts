/** Vultr by the fields that its API documents. */
import { randomUUID } from 'node:crypto'
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'

interface Asked {
  readonly kind: string
  readonly region: string
  readonly plan: string
  readonly tags: readonly string[]
}

interface Firewall {
  readonly id: string
  readonly description: string
  rules: number
}

const refusal = (status: number, error: string): FakeReply => ({ status, json: { error, status } })

const notFound = refusal(404, 'Invalid instance.')

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const machineOf = ({ id, name, data, phase, address }: ShelfMachine<Asked>): Row => ({
  id: id.replace('bare-metals/', ''),
  label: name,
  hostname: name,
  region: data.region,
  plan: data.plan,
  main_ip: address ?? '0.0.0.0',
  status: phase === 'booting' ? 'pending' : phase === 'failed' ? 'suspended' : 'active',
  power_status: 'running',
  server_status: phase === 'booting' ? 'installingbooting' : 'ok',
  tags: data.tags,
})

const groupOf = ({ id, description, rules }: Firewall): Row => ({
  id,
  description,
  rule_count: rules,
  instance_count: 0,
  max_rule_count: 50,
})

export const newFakeVultr = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const shelf = newMachineShelf<Asked>(
    () => clock.nowMs(),
    knobs,
    () => randomUUID(),
  )
  const firewalls: Firewall[] = []

  const paged = (key: string, rows: readonly unknown[], { query }: FakeRequest): FakeReply => {
    const from = Number(query.get('cursor') ?? '0')
    const to = from + knobs.pageSize
    const next = to < rows.length ? String(to) : ''
    const meta = { total: rows.length, links: { next, prev: '' } }
    return { json: { [key]: rows.slice(from, to), meta } }
  }

  const createMachine = (kind: string, body: Row): FakeReply => {
    const fields = ['region', 'plan', 'label', 'user_data'].map((key) => textOf(body[key]))
    // Documented as a number; Vultr's own client sends it as a text.
    if (fields.includes('') || !(Number(body['os_id']) > 0)) return refusal(400, 'Invalid plan.')
    const group = textOf(body['firewall_group_id'])
    if (kind === 'instances' && !firewalls.some(({ id }) => id === group)) {
      return refusal(400, 'Invalid firewall group.')
    }
    const [region = '', plan = '', label = ''] = fields
    const tags = Array.isArray(body['tags']) ? body['tags'].map(textOf) : []
    const id = kind === 'bare-metals' ? `bare-metals/${randomUUID()}` : randomUUID()
    const machine = machineOf(shelf.add(label, { kind, region, plan, tags }, id))
    return { status: 202, json: { [kind === 'instances' ? 'instance' : 'bare_metal']: machine } }
  }

  const listMachines = (kind: string, request: FakeRequest): FakeReply => {
    const tag = request.query.get('tag')
    const rows = shelf
      .list()
      .filter(({ data }) => data.kind === kind && (tag === null || data.tags.includes(tag)))
    return paged(kind.replace('-', '_'), rows.map(machineOf), request)
  }

  const oneMachine = (kind: string, id: string, { method, body }: FakeRequest): FakeReply => {
    const key = kind === 'bare-metals' ? `bare-metals/${id}` : id
    if (method === 'DELETE') return shelf.destroy(key) ? { status: 204 } : notFound
    const machine = shelf.read(key)
    if (machine === null || machine.data.kind !== kind) return notFound
    const tags = isRow(body) && Array.isArray(body['tags']) ? body['tags'].map(textOf) : null
    if (method === 'PATCH' && tags) shelf.change(key, { ...machine.data, tags })
    const name = kind === 'instances' ? 'instance' : 'bare_metal'
    return { json: { [name]: machineOf(shelf.read(key) ?? machine) } }
  }

  const firewallCalls = (id: string, request: FakeRequest): FakeReply => {
    const { method, body } = request
    if (id === '' && method === 'GET') {
      return paged('firewall_groups', firewalls.map(groupOf), request)
    }
    if (id === '') {
      const description = isRow(body) ? textOf(body['description']) : ''
      const firewall = { id: randomUUID(), description, rules: 0 }
      firewalls.push(firewall)
      return { status: 201, json: { firewall_group: groupOf(firewall) } }
    }
    const at = firewalls.findIndex((one) => one.id === id)
    const found = firewalls[at]
    if (found === undefined) return notFound
    if (method === 'DELETE') {
      firewalls.splice(at, 1)
      return { status: 204 }
    }
    found.rules += 1
    return { status: 201, json: { firewall_rule: { id: found.rules, action: 'accept' } } }
  }

  const handle = (request: FakeRequest): FakeReply => {
    const { method, path, body } = request
    const [, , kind = '', id = ''] = path.split('/').map(decodeURIComponent)
    if (kind === 'account') return { json: { account: { name: 'somebody', balance: -10 } } }
    if (kind === 'firewalls') return firewallCalls(id, request)
    if (kind !== 'instances' && kind !== 'bare-metals') return notFound
    if (id !== '') return oneMachine(kind, id, request)
    return method === 'POST'
      ? createMachine(kind, isRow(body) ? body : {})
      : listMachines(kind, request)
  }

  return {
    knobs,
    handle,
    machines: () => shelf.machines(),
    sideObjects: () => firewalls.map(({ description }) => description),
    addForeign: (name) =>
      shelf.add(name, { kind: 'instances', region: 'ewr', plan: 'vc2-1c-1gb', tags: ['web'] }).id,
    failNextLater: () => shelf.failNextLater(),
    namesGiven: () => shelf.namesGiven(),
  }
}
