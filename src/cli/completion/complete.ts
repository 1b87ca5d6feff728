import type { Command } from 'commander'
import type { Catalog } from '#api/catalog'
import { exitCodes } from '#cli/exit-codes'
import type { World } from '#cli/world'
import { candidatesFor, type Names } from './candidates.ts'

const noNames: Names = {
  backends: () => [],
  regions: () => [],
  gpus: () => [],
  instanceTypes: () => [],
}

const namesOf = (catalog: Catalog): Names => ({
  backends: () => catalog.backends(),
  regions: () => catalog.regions(),
  gpus: () => catalog.gpuNames(),
  instanceTypes: () => catalog.instanceTypes(),
})

/**
 * Prints the candidates for the last word. Completion must not disturb the line being typed, so
 * without a catalog there are no names and no message.
 */
export const complete = async (
  program: Command,
  words: readonly string[],
  world: World,
): Promise<number> => {
  const openNames = () => world.openCatalog(undefined).then(namesOf, () => noNames)
  const candidates = await candidatesFor(program, words, openNames)
  world.stdout.write(candidates.map((name) => `${name}\n`).join(''))
  return exitCodes.done
}
