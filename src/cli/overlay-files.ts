import { configurationHome } from '#platform/home'
import type { World } from './world.ts'

const names = ['prices.yml', 'prices.yaml']

/**
 * Whether an overlay lies where one is looked for, in the working tree or in the user's folder. Most
 * runs have none, and then nothing that reads overlays is loaded.
 */
export const hasOverlay = ({ files, environment }: Pick<World, 'files' | 'environment'>): boolean =>
  ['.dstack', configurationHome(environment)]
    .filter((folder) => files.exists(folder))
    .some((folder) => names.some((name) => files.exists(`${folder}/${name}`)))
