/** Machines by name, from the catalog that comes with the program. */
import type { ImportTables } from '#backends/kit/importer'
import type { InstanceType } from '#domain/offer'
import { heldOffers } from './catalog-file.ts'

/** Read when first asked for: most sources tell their machines themselves. */
export const knownMachines = (
  path: string,
  backend: string,
): Pick<ImportTables, 'instanceType'> => {
  let known: ReadonlyMap<string, InstanceType> | null = null
  return {
    instanceType: (name) => {
      known ??= new Map(
        heldOffers(path, backend).map(({ instanceType }) => [instanceType.name, instanceType]),
      )
      return known.get(name) ?? null
    },
  }
}
