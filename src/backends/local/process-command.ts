/** A workload as a process of this machine: what it can be, and what it cannot. */
import type { Workload } from '#domain/workload'

/** What processes cannot give, by the names of a configuration; empty where all is well. */
export const neededOfEngine = (workload: Workload): readonly string[] => [
  ...(workload.hostPython === undefined ? ['image'] : []),
  ...(workload.registryAuth === null ? [] : ['registry_auth']),
  ...(workload.shmMib === null ? [] : ['shm_size']),
]

const shells: ReadonlySet<string> = new Set(['/bin/sh', '/bin/bash'])

/**
 * An interactive shell reads what the user has set up for terminals, and complains without one: in
 * a container that is dstack's way, on somebody's machine it is not ours.
 */
const plainShell = (command: readonly string[]): readonly string[] =>
  shells.has(command[0] ?? '') && command[1] === '-i' ? command.toSpliced(1, 1) : command

/**
 * Memory is held to what was asked for where no accelerator is: drivers reserve far more than they
 * use. In a shortage, the system ends this before anything else.
 */
const limited = ({ memoryMib, gpuCount }: Workload): string =>
  [
    'echo 500 2>/dev/null >/proc/self/oom_score_adj',
    ...(memoryMib === null || gpuCount > 0 ? [] : [`ulimit -d ${memoryMib * 1024} 2>/dev/null`]),
    'exec "$@"',
  ].join('; ')

/** No value of a variable is in it. */
export const commandOf = (workload: Workload): readonly string[] => [
  '/bin/sh',
  '-c',
  limited(workload),
  'sh',
  ...plainShell([...(workload.entrypoint ?? []), ...(workload.command ?? [])]),
]

export interface Surroundings {
  readonly inherited: Readonly<Record<string, string>>
  readonly home: string
  readonly port: number
}

export const environmentOf = (
  { environment }: Workload,
  { inherited, home, port }: Surroundings,
): Readonly<Record<string, string>> => ({
  ...inherited,
  ...environment,
  HOME: home,
  PORT: String(port),
})
