/** Networks of the fake Oracle: what is in use cannot be removed, what is gone is listed for a while. */
import type { FakeReply, FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import type { TestClock } from '../../contract/test-clock.ts'
import { notThere, ociRefusal } from './oci-answers.ts'

type Kind = 'vcns' | 'internetGateways' | 'subnets'

interface Part {
  readonly kind: Kind
  readonly region: string
  readonly id: string
  readonly asked: Row
  readonly readyMs: number
  isGone: boolean
}

export interface FakeNetwork {
  /** Whether machines in it can be reached. */
  isOpen(region: string, subnetId: unknown): boolean
  names(): readonly string[]
  /** Null for what is no call of networks. */
  handle(region: string, path: readonly string[], request: FakeRequest): FakeReply | null
}

const makesMs = 1500
const kinds: ReadonlySet<string> = new Set(['vcns', 'internetGateways', 'subnets'])
const isKind = (text: string): text is Kind => kinds.has(text)

export const newFakeNetwork = (
  clock: TestClock,
  isInUse: (subnetId: string) => boolean,
): FakeNetwork => {
  const parts: Part[] = []
  const routes = new Map<string, unknown>()

  const stateOf = ({ isGone, readyMs }: Part): string => {
    if (isGone) return 'TERMINATED'
    return clock.nowMs() < readyMs ? 'PROVISIONING' : 'AVAILABLE'
  }

  const rowOf = (part: Part): Row => ({
    ...part.asked,
    id: part.id,
    lifecycleState: stateOf(part),
    ...(part.kind === 'vcns' && { defaultRouteTableId: `routes-of-${part.id}` }),
  })

  const find = (kind: Kind, region: string, id: unknown): Part | undefined =>
    parts.find((one) => one.kind === kind && one.region === region && one.id === id && !one.isGone)

  const partsOf = (vcnId: string): readonly Part[] =>
    parts.filter(({ asked, isGone }) => !isGone && asked['vcnId'] === vcnId)

  const make = (kind: Kind, region: string, asked: Row): FakeReply => {
    if (kind !== 'vcns') {
      const network = find('vcns', region, asked['vcnId'])
      if (!network) return notThere
      if (stateOf(network) !== 'AVAILABLE') return ociRefusal(409, 'IncorrectState')
      const isFull = partsOf(network.id).some((one) => one.kind === kind)
      if (isFull) return ociRefusal(kind === 'subnets' ? 400 : 409, 'InvalidParameter')
    }
    const id = `ocid1.${kind}.oc1.${region}.${parts.length + 1}`
    const part: Part = { kind, region, id, asked, readyMs: clock.nowMs() + makesMs, isGone: false }
    parts.push(part)
    return { json: rowOf(part) }
  }

  const isHeld = ({ kind, id, asked }: Part): boolean => {
    if (kind === 'vcns') return partsOf(id).length > 0
    if (kind === 'subnets') return isInUse(id)
    return JSON.stringify(routes.get(`routes-of-${String(asked['vcnId'])}`) ?? '').includes(
      `"${id}"`,
    )
  }

  const remove = (part: Part | undefined): FakeReply => {
    if (!part) return notThere
    if (isHeld(part)) return ociRefusal(409, 'Conflict', 'it is referenced by something else')
    part.isGone = true
    return { status: 204 }
  }

  const listed = (kind: Kind, region: string, query: URLSearchParams): FakeReply => ({
    json: parts
      .filter((one) => one.kind === kind && one.region === region)
      .filter(({ asked }) => asked['compartmentId'] === query.get('compartmentId'))
      .filter(({ asked }) => !query.has('vcnId') || asked['vcnId'] === query.get('vcnId'))
      .filter(
        ({ asked }) =>
          !query.has('displayName') || asked['displayName'] === query.get('displayName'),
      )
      .map(rowOf),
  })

  const route = (region: string, id: string, body: unknown): FakeReply => {
    const network = find('vcns', region, id.replace('routes-of-', ''))
    if (!network || !isRow(body)) return notThere
    routes.set(id, body['routeRules'])
    return { json: { id, routeRules: body['routeRules'], lifecycleState: 'AVAILABLE' } }
  }

  return {
    isOpen: (region, subnetId) => {
      const subnet = find('subnets', region, subnetId)
      const rules = JSON.stringify(routes.get(`routes-of-${String(subnet?.asked['vcnId'])}`) ?? '')
      return subnet !== undefined && rules.includes('internetGateways')
    },
    names: () =>
      parts
        .filter(({ isGone }) => !isGone)
        .map(({ region, kind, id }) => `${region}/${kind}/${id}`),
    handle: (region, [kind = '', id], { method, query, body }) => {
      if (kind === 'routeTables' && id !== undefined && method === 'PUT')
        return route(region, id, body)
      if (!isKind(kind)) return null
      if (method === 'POST') return make(kind, region, isRow(body) ? body : {})
      if (id === undefined) return listed(kind, region, query)
      const part = find(kind, region, id)
      if (method === 'DELETE') return remove(part)
      return part ? { json: rowOf(part) } : notThere
    },
  }
}
