/** The objects of a cluster and every change of them, each of a version of its own: as etcd keeps them. */
import { randomUUID } from 'node:crypto'
import { type Fields, fieldsOf, type Kept, kinds, type Metadata, type Place } from './objects.ts'

export interface Change extends Place {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: Kept
}

const keyOf = ({ resource, namespace }: Place, name: string): string =>
  `${resource}/${namespace ?? ''}/${name}`

export class Shelf {
  readonly changes: Change[] = []
  readonly #objects = new Map<string, Kept>()
  #version = 0

  get version(): number {
    return this.#version
  }

  get(place: Place, name: string): Kept | null {
    return this.#objects.get(keyOf(place, name)) ?? null
  }

  /** In the order of their keys; of all namespaces where the place has none. */
  all({ resource, namespace }: Place): readonly Kept[] {
    const prefix = namespace === null ? `${resource}/` : `${resource}/${namespace}/`
    return [...this.#objects]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, object]) => object)
  }

  /** As it would be kept. */
  made(place: Place, given: Fields, now: string): Kept {
    const metadata: Metadata = {
      ...fieldsOf(given['metadata']),
      name: String(fieldsOf(given['metadata'])['name']),
      ...(place.namespace !== null && { namespace: place.namespace }),
      uid: randomUUID(),
      creationTimestamp: now,
    }
    return { ...given, kind: kinds[place.resource] ?? '', apiVersion: 'v1', metadata }
  }

  add(place: Place, object: Kept): Kept {
    return this.#keep(place, 'ADDED', object)
  }

  change(place: Place, object: Kept): Kept {
    return this.#keep(place, 'MODIFIED', object)
  }

  remove(place: Place, object: Kept): Kept {
    const gone = this.#next(object)
    this.#objects.delete(keyOf(place, object.metadata.name))
    this.changes.push({ ...place, version: this.#version, type: 'DELETED', object: gone })
    return gone
  }

  #keep(place: Place, type: 'ADDED' | 'MODIFIED', object: Kept): Kept {
    const kept = this.#next(object)
    this.#objects.set(keyOf(place, object.metadata.name), kept)
    this.changes.push({ ...place, version: this.#version, type, object: kept })
    return kept
  }

  #next(object: Kept): Kept {
    this.#version += 1
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) }
    return { ...object, metadata }
  }
}
