import { basename, join } from 'node:path'
import { FileNameError, UnreadableError } from '#domain/errors'
import type { Files } from '#platform/files'

export interface ConfigurationText {
  /** The name for messages. */
  readonly file: string
  readonly text: string
}

/** The most bytes of a configuration or profiles file. */
export const mostBytes = 1024 * 1024

const endings = ['.dstack.yml', '.dstack.yaml'] as const
const rule = `names of configurations end in ${endings.join(' or ')}`

const followsRule = (name: string): boolean => endings.some((ending) => name.endsWith(ending))

const inDirectory = (directory: string, files: Files): string => {
  const found = endings.map((name) => join(directory, name)).find((path) => files.exists(path))
  if (found !== undefined) return found
  throw new UnreadableError(`"${directory}" holds no ${endings.join(' and no ')}`, {
    hint: 'name the file itself',
  })
}

const checkName = (path: string, files: Files): void => {
  const name = basename(path)
  if (followsRule(name)) return
  if (!files.exists(path) && !/\.ya?ml$/i.test(name))
    throw new UnreadableError(`cannot read "${path}": no such file or directory`, { hint: rule })
  throw new FileNameError(`"${path}" is no name of a configuration`, { hint: rule })
}

/**
 * The text of a configuration: of a file in any folder, of the `.dstack.yml` or `.dstack.yaml` of a
 * directory, or of standard input (`-`).
 */
export const findConfiguration = (argument: string, files: Files): ConfigurationText => {
  if (argument === '-') return { file: 'standard input', text: files.readText('-', mostBytes) }
  if (files.isDirectory(argument)) {
    const file = inDirectory(argument, files)
    return { file, text: files.readText(file, mostBytes) }
  }
  checkName(argument, files)
  return { file: argument, text: files.readText(argument, mostBytes) }
}
