/** Resource groups of a fake Azure, and the networks in them: made and removed in the background. */
import type { FakeKnobs, FakeReply } from '../../contract/fake-cloud.ts'
import type { Row } from '../../contract/importer-case.ts'
import { azureRefusal, isTagged, rowAt } from './azure-answers.ts'

interface Resource {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly body: Row
  readonly readyMs: number
}

interface Group {
  readonly body: Row
  readonly id: string
  readonly resources: Map<string, Resource>
  removedMs: number | null
}

export interface FakeGroups {
  /** Null where there is none, or no longer. */
  find(name: string): Group | null
  put(name: string, id: string, body: Row): FakeReply
  read(name: string): FakeReply
  remove(name: string): FakeReply
  putResource(group: string, resource: Omit<Resource, 'readyMs'>): FakeReply
  readResource(group: string, id: string): FakeReply
  names(): readonly string[]
}

/** How long rules and networks take. */
const makingMs = 3000

export const newFakeGroups = (
  nowMs: () => number,
  knobs: FakeKnobs,
  onGone: (group: string) => void,
): FakeGroups => {
  const groups = new Map<string, Group>()

  const find = (name: string): Group | null => {
    const group = groups.get(name)
    if (!group) return null
    if (group.removedMs === null || nowMs() - group.removedMs < knobs.destroyMs) return group
    groups.delete(name)
    return null
  }

  const missing = (name: string): FakeReply =>
    azureRefusal(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`)

  const shown = ({ id, body, removedMs }: Group): Row => ({
    ...body,
    id,
    properties: { provisioningState: removedMs === null ? 'Succeeded' : 'Deleting' },
  })

  const shownResource = ({ id, name, type, body, readyMs }: Resource): Row => ({
    ...body,
    id,
    name,
    type,
    properties: {
      ...rowAt(body, 'properties'),
      provisioningState: nowMs() < readyMs ? 'Updating' : 'Succeeded',
    },
  })

  const open = (name: string): Group | FakeReply => {
    const group = find(name)
    if (group === null) return missing(name)
    if (group.removedMs === null) return group
    return azureRefusal(409, 'ResourceGroupBeingDeleted', `'${name}' is being deleted.`)
  }

  return {
    find,
    put: (name, id, body) => {
      if (!isTagged(body)) return azureRefusal(400, 'InvalidRequestFormat', 'no location or tags')
      const before = find(name)
      if (before && before.removedMs !== null) {
        return azureRefusal(409, 'ResourceGroupBeingDeleted', `'${name}' is being deleted.`)
      }
      const made: Group = before ?? { body, id, resources: new Map(), removedMs: null }
      groups.set(name, made)
      return { status: before ? 200 : 201, json: shown(made) }
    },
    read: (name) => {
      const group = find(name)
      return group ? { json: shown(group) } : missing(name)
    },
    remove: (name) => {
      const group = find(name)
      if (!group) return missing(name)
      if (group.removedMs === null) {
        group.removedMs = nowMs()
        onGone(name)
      }
      return { status: 202, headers: { 'retry-after': '5' } }
    },
    putResource: (name, resource) => {
      const group = open(name)
      if (!('resources' in group)) return group
      if (!isTagged(resource.body)) {
        return azureRefusal(400, 'InvalidRequestFormat', 'no location or tags')
      }
      const before = group.resources.get(resource.id)
      const made = before ?? { ...resource, readyMs: nowMs() + makingMs }
      group.resources.set(resource.id, made)
      return {
        status: before ? 200 : 201,
        headers: { 'retry-after': '3' },
        json: shownResource(made),
      }
    },
    readResource: (name, id) => {
      const resource = find(name)?.resources.get(id)
      return resource
        ? { json: shownResource(resource) }
        : azureRefusal(404, 'ResourceNotFound', 'The resource was not found.')
    },
    names: () => [...groups.keys()].filter((name) => find(name) !== null),
  }
}
