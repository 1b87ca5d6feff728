/** Why offers match a request or do not, and the changes that give more. */
import type { Catalog } from '#api/catalog'
import { explainWhy, type Relaxation, usualRelaxations, type Why } from '#api/why'
import { readOverrides, resolve } from '#api/configuration'
import { ArgumentError } from '#domain/errors'
import type { GpuVendor } from '#domain/gpu'
import type { Request } from './read-request.ts'

/** Whose GPUs the request would mean if it named none. */
const unnamedVendors = ({ subject }: Request): readonly GpuVendor[] | null => {
  const asked = subject?.configuration
  const configuration = asked ? { ...asked, resources: { ...asked.resources, gpu: null } } : null
  const overrides = readOverrides({ gpu: '1' })
  return resolve({ configuration, profile: null, overrides }).requirements.gpu?.vendors ?? null
}

/** 0 relaxations are all there are. */
export const whyOf = (
  request: Request,
  catalog: Catalog,
  relaxations: number = usualRelaxations,
): Why =>
  explainWhy(catalog, request.requirements, {
    relaxations,
    unnamedVendors: unnamedVendors(request),
  })

/** The change of that number, as `--why` counts them from 1. Throws ArgumentError. */
export const relaxationOf = (request: Request, catalog: Catalog, number: number): Relaxation => {
  const { relaxations, relaxationsFound } = whyOf(request, catalog, number)
  const found = relaxations[number - 1]
  if (found !== undefined) return found
  throw new ArgumentError(`--relax "${number}" is no change of --why`, {
    hint:
      relaxationsFound === 0
        ? 'no change of three filters or fewer gives more offers'
        : `they are numbered 1 to ${relaxationsFound}`,
  })
}
