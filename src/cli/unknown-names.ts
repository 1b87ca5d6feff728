import type { Catalog } from '#api/catalog'
import type { Requirements } from '#domain/requirements'
import { nearestGpu } from './nearest-gpu.ts'
import { visible } from './text-width.ts'

type Names = readonly string[]

const unknownAmong = (asked: Names | null | undefined, known: () => Names): Names => {
  if (asked === null || asked === undefined || asked.length === 0) return []
  const lower = new Set(known().map((name) => name.toLowerCase()))
  return asked.filter((name) => !lower.has(name.toLowerCase()))
}

const say = (kind: string, name: string, near: string | null): string =>
  `${kind} "${visible(name)}" is not in the catalog${
    near === null || near.toLowerCase() === name.toLowerCase()
      ? ''
      : `; did you mean ${visible(near)}?`
  }`

/** dstack's own marketplace may be named, but prices there are seen only with an account. */
export const unseenBackends = ({ backends }: Requirements): Names =>
  backends?.includes('dstack') === true
    ? ['backend "dstack" (the Sky marketplace) has no public offers: it matches nothing']
    : []

export const unknownGpus = (
  { gpu }: Requirements,
  catalog: Pick<Catalog, 'gpuNames'>,
): Promise<Names> => {
  const known = () => catalog.gpuNames()
  return Promise.all(
    unknownAmong(gpu?.names, known).map(async (name) =>
      say('GPU', name, await nearestGpu(name, known())),
    ),
  )
}
