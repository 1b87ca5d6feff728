import type { PythonVersion, ServiceConfiguration, TaskConfiguration } from '#domain/configuration'
import { splitShellWords } from './shell-words.ts'

/** What runs in a container. */
export interface Job {
  readonly image: string
  /** Null leaves it to the image. */
  readonly commandLine: readonly string[] | null
  /** Null leaves it to the image; `.` is the directory of the repository. */
  readonly workingDir: string | null
  readonly homeDir: string
  /** Run when the machine has booted, before the command line. */
  readonly setup: readonly string[]
}

/** The Python of the default image where a configuration names none. */
const defaultPython: PythonVersion = '3.11'

const defaultImage = (python: PythonVersion): string => `dstackai/base:py${python}-0.4rc4-cuda-12.1`

/** A command in the background must be a group, or what follows would start with `& &&`. */
const grouped = (command: string): string => {
  const trimmed = command.trim()
  return trimmed.endsWith('&') ? `{ ${trimmed} }` : trimmed
}

const commandLineOf = ({
  image,
  entrypoint,
  commands,
}: ServiceConfiguration | TaskConfiguration): readonly string[] | null => {
  if (entrypoint !== null) return [...splitShellWords(entrypoint), ...commands]
  if (commands.length === 0) return null
  const script = commands.map(grouped).join(' && ')
  return [image ? '/bin/sh' : '/bin/bash', '-i', '-c', script]
}

export const jobOf = (configuration: ServiceConfiguration | TaskConfiguration): Job => ({
  image: configuration.image || defaultImage(configuration.python ?? defaultPython),
  commandLine: commandLineOf(configuration),
  workingDir: configuration.commands.length === 0 ? null : '.',
  homeDir: configuration.homeDir,
  setup: configuration.setup,
})
