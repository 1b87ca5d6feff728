/** Vast.ai by the fields that its documentation shows. Its asks can be rented more than once here. */
import type { CloudModel, FakeKnobs, FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { newMachineShelf, type ShelfMachine } from '../../contract/machine-shelf.ts'
import type { TestClock } from '../../contract/test-clock.ts'

interface Asked {
  readonly isBid: boolean
  readonly ports: readonly string[]
  readonly usdPerHour: number
}

export interface FakeAsk {
  readonly id: number
  readonly dph_base: number
  readonly min_bid: number
  readonly direct_port_count: number
}

export const fakeAsks: readonly FakeAsk[] = [
  { id: 11_684_738, dph_base: 0.25, min_bid: 0.15, direct_port_count: 12 },
  { id: 11_684_739, dph_base: 0.3, min_bid: 0.2, direct_port_count: 4 },
  { id: 11_684_740, dph_base: 0.35, min_bid: 0.2, direct_port_count: 250 },
]

const statuses = {
  booting: 'loading',
  running: 'running',
  destroying: 'running',
  gone: null,
  failed: 'stopped',
  reclaimed: 'exited',
} as const

const refusal = (status: number, error: string, msg: string): FakeReply => ({
  status,
  json: { success: false, error, msg },
})

const noSuchInstance = refusal(404, 'no_such_instance', 'Instance not found.')

const instanceOf = ({ id, name, data, phase, address }: ShelfMachine<Asked>): Row => ({
  id: Number(id),
  label: name,
  actual_status: statuses[phase],
  intended_status: 'running',
  cur_state: phase === 'reclaimed' ? 'stopped' : 'running',
  is_bid: data.isBid,
  public_ipaddr: address,
  ports:
    phase === 'running'
      ? Object.fromEntries(
          data.ports.map((port, index) => [
            `${port}/tcp`,
            [{ HostIp: '0.0.0.0', HostPort: String(40_100 + index) }],
          ]),
        )
      : null,
  dph_base: data.usdPerHour,
  dph_total: data.usdPerHour + 0.01,
})

const portsOf = (env: unknown): readonly string[] =>
  Object.keys(isRow(env) ? env : {}).flatMap((key) => /^-p (\d+):\d+$/.exec(key)?.[1] ?? [])

export const newFakeVastai = (
  clock: TestClock,
  knobs: FakeKnobs,
  asks: readonly FakeAsk[] = fakeAsks,
): CloudModel => {
  const shelf = newMachineShelf<Asked>(
    () => clock.nowMs(),
    knobs,
    (number) => String(7_835_600 + number),
  )

  const search = (row: Row): FakeReply => {
    const wanted = isRow(row['id']) ? row['id']['eq'] : null
    return { json: { offers: asks.filter(({ id }) => id === wanted) } }
  }

  const rent = (id: number, row: Row): FakeReply => {
    const found = asks.find((one) => one.id === id)
    if (found === undefined) {
      return refusal(404, 'invalid_args', `error 404/3603: no_such_ask ${id} is not available.`)
    }
    const { image, price, label, env } = row
    if (typeof image !== 'string' || row['cancel_unavail'] !== true) {
      return refusal(400, 'invalid_args', 'error 400/3467: Invalid args')
    }
    const isBid = typeof price === 'number'
    if (isBid && price < found.min_bid) return refusal(400, 'invalid_price', 'bid below minimum')
    const usdPerHour = isBid ? price : found.dph_base
    const made = shelf.add(typeof label === 'string' ? label : '', {
      isBid,
      ports: portsOf(env),
      usdPerHour,
    })
    return { json: { success: true, new_contract: Number(made.id) } }
  }

  const page = (query: URLSearchParams): FakeReply => {
    const limit = Math.min(Number(query.get('limit') ?? '25'), knobs.pageSize)
    const from = Number(query.get('after_token') ?? '0')
    const shown = shelf.list()
    const more = from + limit < shown.length
    return {
      json: {
        success: true,
        total_instances: shown.length,
        instances: shown.slice(from, from + limit).map(instanceOf),
        next_token: more ? String(from + limit) : null,
      },
    }
  }

  const handle = ({ method, path, query, body, headers }: FakeRequest): FakeReply => {
    const row = isRow(body) ? body : {}
    if (headers.authorization === undefined) return { status: 404, text: 'Invalid user key' }
    const [, , version = '', kind = '', id = ''] = path.split('/').map(decodeURIComponent)
    switch (`${method} ${version} ${kind}${id ? '/:' : ''}`) {
      case 'POST v0 bundles':
        return search(row)
      case 'PUT v0 asks/:':
        return rent(Number(id), row)
      case 'GET v1 instances':
        return page(query)
      case 'GET v0 instances/:': {
        const machine = shelf.read(id)
        return machine ? { json: { instances: instanceOf(machine) } } : noSuchInstance
      }
      case 'DELETE v0 instances/:':
        return shelf.destroy(id) ? { json: { success: true } } : noSuchInstance
      default:
        return { status: 404, text: 'no such endpoint' }
    }
  }

  return {
    knobs,
    handle,
    machines: () => shelf.machines(),
    sideObjects: () => [],
    addForeign: (name) => shelf.add(name, { isBid: false, ports: [], usdPerHour: 1 }).id,
    failNextLater: () => shelf.failNextLater(),
    reclaim: (id) => shelf.reclaim(id),
    namesGiven: () => shelf.namesGiven(),
  }
}
