/**
 * An API server in memory, without a scheduler and a kubelet: what those write is written by tests.
 * It answers as the recorded one; `recorded.test.ts` holds it to every pair of the recording.
 */
import type { FakeReply, FakeRequest } from '../../../contract/fake-cloud.ts'
import { withDefaults, withStatusDefaults } from './defaults.ts'
import { jsonFault } from './go-json.ts'
import { listReply, pageOf, watchReply } from './lists.ts'
import { type Fields, fieldsOf, type Kept, kinds, listOf, type Place, textsOf } from './objects.ts'
import { patchOf } from './patches.ts'
import { quotaFault, usedAfter } from './quotas.ts'
import { isSelected } from './selectors.ts'
import { Shelf } from './shelf.ts'
import * as answers from './statuses.ts'
import { faultsOf, quantityFault, unknownField } from './validate.ts'

/** The build that was recorded. */
const build = {
  major: '1',
  minor: '32',
  gitVersion: 'v0.0.0-master+db46b09ca9a3f30d903e7149558dc12babc9686f',
  gitCommit: 'db46b09ca9a3f30d903e7149558dc12babc9686f',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.23.5',
  compiler: 'gc',
  platform: 'linux/amd64',
}

const firstNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

interface Asked extends Place {
  readonly name: string | null
  readonly below: string | null
}

const askedOf = (path: string): Asked | null => {
  const [root, version, ...parts] = path.split('/').slice(1).map(decodeURIComponent)
  if (root !== 'api' || version !== 'v1') return null
  const isWithin = parts[0] === 'namespaces' && parts.length > 2
  const [resource, name, below] = isWithin ? parts.slice(2) : parts
  if (resource === undefined || !(resource in kinds)) return null
  const namespace = isWithin ? (parts[1] ?? null) : null
  return { resource, namespace, name: name ?? null, below: below ?? null }
}

const verbOf = ({ method, query }: FakeRequest, { name }: Asked): string => {
  if (method === 'GET') return query.has('watch') ? 'watch' : name === null ? 'list' : 'get'
  if (method === 'DELETE') return name === null ? 'deletecollection' : 'delete'
  return method === 'POST' ? 'create' : 'patch'
}

const isFinished = ({ status }: Kept): boolean =>
  status?.['phase'] === 'Failed' || status?.['phase'] === 'Succeeded'

const clusterWide = (resource: string): Place => ({ resource, namespace: null })

export class ClusterModel {
  readonly shelf = new Shelf()
  /** Now, as RFC 3339 of whole seconds. */
  now: () => string
  #compacted = 0

  constructor(now: () => string) {
    this.now = now
    for (const name of firstNamespaces) this.put(clusterWide('namespaces'), { metadata: { name } })
  }

  /** Makes an object as it would be made by a request, but with the status that is given. */
  put(place: Place, { status, ...given }: Fields): Kept {
    const object = withDefaults(place.resource, given, this.shelf.version)
    const made = this.shelf.made(place, object, this.now())
    return this.shelf.add(place, {
      ...made,
      ...(status !== undefined && { status: fieldsOf(status) }),
    })
  }

  /** Lists that have begun before now cannot be gone on with. */
  compact(): void {
    this.#compacted = this.shelf.version + 1
  }

  handle(request: FakeRequest): FakeReply {
    const token = request.headers.authorization
    if (token !== undefined && token !== 'Bearer valid') return answers.unauthorized()
    if (request.path === '/version') return { json: build }
    const asked = askedOf(request.path)
    if (asked === null) return answers.unserved()
    if (token === undefined) {
      return answers.anonymous(verbOf(request, asked), asked.resource, asked.namespace, asked.name)
    }
    if (request.method === 'POST') return this.#post(request, asked)
    if (asked.name !== null) return this.#single(request, asked, asked.name)
    if (request.method === 'DELETE') return this.#deleteAll(asked, request.query)
    return request.query.has('watch')
      ? watchReply(this.shelf, asked, request.query)
      : pageOf(this.shelf, asked, request.query, this.#compacted)
  }

  #post(request: FakeRequest, asked: Asked): FakeReply {
    const kind = kinds[asked.resource] ?? ''
    if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
      return answers.unknownMedia()
    }
    const fault = jsonFault(request.text)
    if (fault !== null) return answers.unrecognized(kind, request.text, fault)
    const body = fieldsOf(request.body)
    if (asked.name !== null && asked.below !== null) return this.#postBelow(body, asked, asked.name)
    const isStrict = request.query.get('fieldValidation') === 'Strict'
    const why = quantityFault(body) ?? (isStrict ? unknownField(asked.resource, body) : null)
    if (why !== null) return answers.undecodable(kind, why)
    const { namespace } = asked
    if (namespace !== null && this.shelf.get(clusterWide('namespaces'), namespace) === null) {
      return answers.missing('namespaces', namespace)
    }
    return this.#create(asked, body, request.query.get('dryRun') === 'All')
  }

  /** What is forbidden by a quota is refused before anybody looks whether it is there already. */
  #create(place: Place, body: Fields, isDry: boolean): FakeReply {
    const { resource, namespace } = place
    const object = withDefaults(resource, body, this.shelf.version)
    const made = this.shelf.made(place, object, this.now())
    const { name } = made.metadata
    const faults = faultsOf(resource, made)
    if (faults.length > 0) return answers.invalid(resource, name, faults)
    const quotas =
      resource === 'pods' ? this.shelf.all({ resource: 'resourcequotas', namespace }) : []
    const over = quotaFault(quotas, made)
    if (over !== null) {
      const message = `${resource} "${name}" is forbidden: ${over}`
      return answers.refusal(403, 'Forbidden', message, { name, kind: resource })
    }
    if (this.shelf.get(place, name) !== null) return answers.alreadyThere(resource, name)
    if (isDry) return { status: 201, json: made }
    for (const quota of quotas) {
      const status = { ...quota.status, used: usedAfter(quota, made) }
      this.shelf.change({ resource: 'resourcequotas', namespace }, { ...quota, status })
    }
    return { status: 201, json: this.shelf.add(place, made) }
  }

  #postBelow(body: Fields, asked: Asked, name: string): FakeReply {
    const pod = this.shelf.get(asked, name)
    if (pod === null) return answers.missing(asked.resource, name)
    if (asked.below === 'binding') return this.#bind(asked, pod, fieldsOf(body['target']))
    if (asked.below !== 'eviction') return answers.unserved()
    const isDry = Array.isArray(fieldsOf(body['deleteOptions'])['dryRun'])
    if (!isDry) this.#delete(asked, pod, fieldsOf(body['deleteOptions']))
    return answers.success(201)
  }

  #bind(place: Place, pod: Kept, { name: node }: Fields): FakeReply {
    const { name } = pod.metadata
    const { nodeName } = textsOf(pod.spec)
    if (nodeName !== undefined) {
      const why = `pod ${name} is already assigned to node "${nodeName}"`
      return answers.conflict('pods/binding', name, why)
    }
    const others = listOf(pod.status?.['conditions']).filter(({ type }) => type !== 'PodScheduled')
    const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: this.now() }
    const conditions = [...others, scheduled]
    this.shelf.change(place, {
      ...pod,
      spec: { ...pod.spec, nodeName: node },
      status: withStatusDefaults('pods', { ...pod.status, conditions }),
    })
    return answers.success(201)
  }

  #single(request: FakeRequest, asked: Asked, name: string): FakeReply {
    const found = this.shelf.get(asked, name)
    if (found === null) return answers.missing(asked.resource, name)
    if (request.method === 'DELETE') return this.#deleteOne(asked, found, fieldsOf(request.body))
    if (request.method === 'PATCH') return this.#patch(request, asked, found)
    // Of a pod that has no node, there is nobody to ask for a log.
    return asked.below === 'log' ? { status: 204 } : { json: found }
  }

  #patch(request: FakeRequest, asked: Asked, found: Kept): FakeReply {
    const patch = patchOf(request.headers['content-type'] ?? '')
    if (patch === null) return answers.unknownMedia()
    const patched = fieldsOf(patch(found, request.body))
    const { resource } = asked
    return {
      json: this.shelf.change(
        asked,
        asked.below === 'status'
          ? { ...found, status: withStatusDefaults(resource, fieldsOf(patched['status'])) }
          : { ...found, ...patched, ...(found.status && { status: found.status }) },
      ),
    }
  }

  #deleteOne(asked: Asked, found: Kept, options: Fields): FakeReply {
    const { resource } = asked
    const { name, uid } = found.metadata
    const wanted = textsOf(options['preconditions'])['uid']
    if (wanted !== undefined && wanted !== uid) {
      const why = `the UID in the precondition (${wanted}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`
      return answers.conflict(found.kind, name, why)
    }
    const gone = this.#delete(asked, found, options)
    return resource === 'secrets' ? answers.deleted(resource, name, uid) : { json: gone }
  }

  /** A pod that runs goes when its kubelet has ended it; a namespace when all within is gone. */
  #delete(place: Place, found: Kept, options: Fields): Kept {
    if (place.resource === 'namespaces') {
      const metadata = { ...found.metadata, deletionTimestamp: this.now() }
      return this.shelf.change(place, { ...found, metadata, status: { phase: 'Terminating' } })
    }
    if (place.resource !== 'pods') return this.shelf.remove(place, found)
    const isIdle = found.spec?.['nodeName'] === undefined || isFinished(found)
    const grace = options['gracePeriodSeconds'] ?? found.spec?.['terminationGracePeriodSeconds']
    const seconds = isIdle ? 0 : Number(grace)
    const metadata = {
      ...found.metadata,
      deletionTimestamp: laterBy(this.now(), seconds),
      deletionGracePeriodSeconds: seconds,
    }
    const going = this.shelf.change(place, { ...found, metadata })
    return seconds === 0 ? this.shelf.remove(place, going) : going
  }

  #deleteAll(place: Place, query: URLSearchParams): FakeReply {
    const meant = this.shelf.all(place).filter((object) => isSelected(object, query))
    const gone = meant.map((object) => this.#delete(place, object, {}))
    return { json: listReply(place.resource, this.shelf.version, gone) }
  }
}

const laterBy = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
