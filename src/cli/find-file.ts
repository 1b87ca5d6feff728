import { ArgumentError } from '#domain/errors'
import { nearest } from '#domain/spelling'
import type { RequestFlags } from './flags.ts'
import type { World } from './world.ts'

const asksForResources = ({ gpu, cpu, memory, disk }: RequestFlags): boolean =>
  [gpu, cpu, memory, disk].some((flag) => flag !== undefined)

const narrowsOffers = (flags: RequestFlags): boolean => {
  const { backend, region, instanceType, maxPrice, spot, onDemand, spotAuto, spotPolicy } = flags
  return [backend, region, instanceType, maxPrice, spot, onDemand, spotAuto, spotPolicy].some(
    (flag) => flag !== undefined,
  )
}

/** A bare word that names no file: more likely a command, mistyped or not there. */
const refuseWord = (word: string, commands: readonly string[]): never => {
  const near = nearest(word, commands)
  throw new ArgumentError(`"${word}" is neither a command nor a configuration file`, {
    hint: `${near === null ? '' : `did you mean ${near}? `}commands are ${commands.join(', ')}; a file ends in .dstack.yml`,
  })
}

/**
 * The FILE to read, or undefined for a search from flags alone. Resource flags without FILE never read
 * a file; other flags narrow `./.dstack.yml` where there is one. Null where nothing was asked.
 */
export const findFile = (
  argument: string | undefined,
  flags: RequestFlags,
  commands: readonly string[],
  { files }: Pick<World, 'files'>,
): { readonly file: string | undefined } | null => {
  if (argument !== undefined) {
    if (/^[a-z][\w-]*$/i.test(argument) && !files.exists(argument)) refuseWord(argument, commands)
    return { file: argument }
  }
  if (asksForResources(flags)) return { file: undefined }
  if (files.exists('.dstack.yml') || files.exists('.dstack.yaml')) return { file: '.' }
  return narrowsOffers(flags) ? { file: undefined } : null
}
