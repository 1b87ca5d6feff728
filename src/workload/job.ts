import type { PythonVersion, ServiceConfiguration, TaskConfiguration } from '#domain/configuration'
import { splitShellWords } from '#configuration/shell-words'

/** What runs in a container. */
export interface Job {
  readonly image: string
  /** Null leaves it to the image. */
  readonly commandLine: readonly string[] | null
  /** Null leaves it to the image; `.` is the directory of the repository. */
  readonly workingDir: string | null
  readonly homeDir: string
  /** Run before the command line, in the same container. */
  readonly setup: readonly string[]
}

/** The Python of the base image where a configuration names none. */
const defaultPython: PythonVersion = '3.11'

/** The image of a configuration that names none. */
const baseImageOf = (python: PythonVersion | null): string =>
  `dstackai/base:py${python ?? defaultPython}-0.4rc4-cuda-12.1`

/** A command in the background must be a group, or what follows would start with `& &&`. */
const grouped = (command: string): string => {
  const trimmed = command.trim()
  return trimmed.endsWith('&') ? `{ ${trimmed} }` : trimmed
}

/** Each only where the one before it ended well. */
export const scriptOf = (commands: readonly string[]): string => commands.map(grouped).join(' && ')

const commandLineOf = ({
  image,
  entrypoint,
  commands,
}: ServiceConfiguration | TaskConfiguration): readonly string[] | null => {
  if (entrypoint !== null) return [...splitShellWords(entrypoint), ...commands]
  if (commands.length === 0) return null
  return [image ? '/bin/sh' : '/bin/bash', '-i', '-c', scriptOf(commands)]
}

export const jobOf = (configuration: ServiceConfiguration | TaskConfiguration): Job => ({
  image: configuration.image || baseImageOf(configuration.python),
  commandLine: commandLineOf(configuration),
  workingDir: configuration.commands.length === 0 ? null : '.',
  homeDir: configuration.homeDir,
  setup: configuration.setup,
})
