/** Machines that are processes of this one: made, looked at, ended. Everything is in files. */
import { join } from 'node:path'
import type { InstanceRef, Verdict } from '#domain/launch'
import type { Workload } from '#domain/workload'
import type { CloudIo } from '#backends/kit/cloud-io'
import { machineGone } from '#backends/kit/observed'
import type { Created, LaunchPlan, Observed, WorkloadState } from '#backends/kit/provisioner'
import { followFile } from '#platform/follow-file'
import { freePort, portsOfGroup } from '#platform/listening'
import { isWritableFolder, outputOf } from '#platform/machine-facts'
import { replaceFile } from '#platform/private-folders'
import {
  plainEnvironment,
  processBirth,
  sendSignal,
  startDetached,
  userHome,
} from '#platform/processes'
import { LocalRefusal } from './local-refusal.ts'
import { commandOf, environmentOf } from './process-command.ts'
import { isAlive, type MachineRecord, type State } from './state.ts'
import { supervisorScript } from './supervisor-script.ts'

const checkPython = async (wanted: string | null | undefined): Promise<void> => {
  if (!wanted) return
  const text =
    (await outputOf(`python${wanted}`, ['--version'])) ?? (await outputOf('python3', ['--version']))
  const found = /Python (\d+\.\d+)/.exec(text ?? '')?.[1] ?? null
  if (found === wanted) return
  const has = found === null ? 'none' : found
  throw new LocalRefusal(`python "${wanted}" is asked for, and this machine has ${has}`)
}

const refOf = (name: string): InstanceRef => ({
  backend: 'local',
  id: name,
  region: 'local',
  zone: null,
})

const launch = (state: State, name: string, workload: Workload, port: number): void => {
  const folder = state.folder(name)
  const script = join(folder, 'supervisor.cjs')
  const directory = workload.projectDirectory ?? folder
  replaceFile(script, supervisorScript)
  state.writeCommand(name, {
    command: commandOf(workload),
    directory,
    maxDurationSeconds: workload.maxDurationSeconds,
  })
  const pid = startDetached({
    script,
    arguments: [folder],
    directory,
    environment: environmentOf(workload, {
      inherited: plainEnvironment(),
      home: isWritableFolder(workload.home) ? workload.home : userHome(),
      port,
    }),
    logPath: state.logPath(name),
  })
  // It waits for this line before it starts the command.
  state.writeSupervisor(name, { pid, birth: processBirth(pid) ?? '' })
}

/** Made at most once for a name, whoever asks how often. */
export const createProcess = async (
  state: State,
  io: CloudIo,
  { request }: LaunchPlan,
): Promise<Created> => {
  const { name, workload, tags, replica } = request
  const created = { ref: refOf(name), rateNanoUsd: null }
  if (workload === null) throw new LocalRefusal('there is no command to run')
  if (state.machine(name) !== null) return created
  await checkPython(workload.hostPython)
  // The first one may have the port of the configuration, as for commands that know no other.
  const port = await freePort(replica === 0 ? workload.port : 0)
  // A folder without a record is of one that died before it had begun.
  state.remove(name)
  const record = { tags, createdAt: io.instant(), port, wantedPort: workload.port }
  if (!state.add(name, record)) return created
  try {
    launch(state, name, workload, port)
  } catch (error) {
    state.remove(name)
    throw error
  }
  return created
}

const failed = (message: string): Verdict => ({
  class: 'transient',
  scope: 'attempt',
  code: null,
  message,
  retryAfterMs: null,
})

const ignoresPort = ({ port, wantedPort }: MachineRecord): string =>
  `the command listens on ${wantedPort}, not on PORT (${port}): another replica has ${wantedPort} here`

/** A second replica that binds the configured port shares it with the first, or fails to. */
const listensElsewhere = (record: MachineRecord, group: number): boolean => {
  if (record.port === record.wantedPort) return false
  const ports = portsOfGroup(group)
  return ports.has(record.wantedPort) && !ports.has(record.port)
}

const exited = (exitCode: number | null, reason: string | null): WorkloadState => ({
  phase: 'exited',
  exitCode,
  reason,
})

const reasonOf = async (
  record: MachineRecord,
  {
    exitCode,
    signal,
    reason,
  }: { exitCode: number | null; signal: string | null; reason: string | null },
): Promise<string | null> => {
  if (reason !== null) return reason
  if (signal !== null) return `ended by ${signal}`
  if (exitCode === 0 || record.port === record.wantedPort) return null
  const isTaken = (await freePort(record.wantedPort)) !== record.wantedPort
  if (!isTaken) return null
  return `ended with ${String(exitCode)}; ${record.wantedPort} is taken here: does it listen on PORT (${record.port})?`
}

interface Fate {
  readonly phase: Observed['phase']
  readonly cause: Verdict | null
  readonly workload: WorkloadState | null
}

const fateOf = async (state: State, name: string, record: MachineRecord): Promise<Fate> => {
  const exit = state.exit(name)
  if (exit !== null) {
    const workload = exited(exit.exitCode, await reasonOf(record, exit))
    return { phase: 'running', cause: null, workload }
  }
  const supervisor = state.supervisor(name)
  if (supervisor === null) {
    return { phase: 'failed', cause: failed('it was never started'), workload: null }
  }
  if (!isAlive(supervisor)) {
    // Written between the two looks.
    if (state.exit(name) !== null) return fateOf(state, name, record)
    return { phase: 'failed', cause: failed('its supervisor is gone'), workload: null }
  }
  const workload = listensElsewhere(record, supervisor.pid)
    ? exited(null, ignoresPort(record))
    : { phase: 'running' as const }
  return { phase: 'running', cause: null, workload }
}

export const observeProcess = async (state: State, name: string): Promise<Observed> => {
  const record = state.machine(name)
  if (record === null) return machineGone(refOf(name))
  const base = { ref: refOf(name), name, ssh: null, rateNanoUsd: null }
  const fate = await fateOf(state, name, record)
  return { ...base, ...fate, tags: record.tags, service: { host: '127.0.0.1', port: record.port } }
}

/** What runs on is told to end, and has ten seconds; what nobody looks after is ended at once. */
export const destroyProcess = (state: State, name: string): 'gone' | 'going' => {
  const supervisor = state.supervisor(name)
  if (supervisor !== null) {
    if (isAlive(supervisor)) {
      sendSignal(supervisor.pid, 'SIGTERM')
      return 'going'
    }
    // While any of its group is left, no other process has the number.
    const isTaken = processBirth(supervisor.pid) !== null
    if (!isTaken && sendSignal(-supervisor.pid, 'SIGKILL')) return 'going'
  }
  state.remove(name)
  return 'gone'
}

const isRunning = (state: State, name: string): boolean => {
  const supervisor = state.supervisor(name)
  return supervisor !== null && isAlive(supervisor)
}

/** From its first line on, also when it is gone. */
export const processLogs = (
  state: State,
  io: CloudIo,
  name: string,
  { follow, signal }: { readonly follow: boolean; readonly signal: AbortSignal },
): AsyncIterable<string> =>
  followFile(state.logPath(name), {
    signal,
    goesOn: () => follow && isRunning(state, name),
    pause: () => io.sleep(100),
  })
