/** The files of process machines: a folder each, and their logs, which stay when they are gone. */
import { join } from 'node:path'
import type { OwnerTags } from '#domain/launch'
import { namesIn } from '#platform/folders'
import { makeFolderOnce, replaceFile } from '#platform/private-folders'
import { processBirth } from '#platform/processes'
import { readTextFile, removeTree } from '#platform/text-files'
import { exitFile, machineFile, supervisorFile } from './schema.ts'

export interface MachineRecord {
  readonly tags: OwnerTags
  readonly createdAt: string
  /** What the command is told to listen on. */
  readonly port: number
  /** What the configuration says. */
  readonly wantedPort: number
}

interface CommandRecord {
  readonly command: readonly string[]
  readonly directory: string
  readonly maxDurationSeconds: number | null
}

export interface SupervisorRecord {
  readonly pid: number
  /** Tells it from a later process of the same number. */
  readonly birth: string
}

interface ExitRecord {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly reason: string | null
}

export interface State {
  readonly names: () => readonly string[]
  readonly folder: (name: string) => string
  readonly logPath: (name: string) => string
  /** False where there is one of that name. */
  add(name: string, record: MachineRecord): boolean
  writeMachine(name: string, record: MachineRecord): void
  writeCommand(name: string, record: CommandRecord): void
  writeSupervisor(name: string, record: SupervisorRecord): void
  machine(name: string): MachineRecord | null
  supervisor(name: string): SupervisorRecord | null
  exit(name: string): ExitRecord | null
  /** All but its log. */
  remove(name: string): void
}

const recordIn = <T>(path: string, parse: (value: unknown) => T): T | null => {
  const text = readTextFile(path)
  return text === null ? null : parse(JSON.parse(text))
}

export const openState = (home: string): State => {
  const machines = join(home, 'machines')
  const folder = (name: string): string => join(machines, name)
  const write = (name: string, file: string, record: object): void =>
    replaceFile(join(folder(name), file), JSON.stringify(record))
  return {
    names: () => namesIn(machines),
    folder,
    logPath: (name) => join(home, 'logs', `${name}.log`),
    add: (name, record) => {
      makeFolderOnce(join(home, 'logs'))
      // Of two that make the same machine, one writes: the folder is the lock.
      if (!makeFolderOnce(folder(name))) return false
      write(name, 'machine.json', record)
      return true
    },
    writeMachine: (name, record) => write(name, 'machine.json', record),
    writeCommand: (name, record) => write(name, 'command.json', record),
    writeSupervisor: (name, record) => write(name, 'supervisor.json', record),
    machine: (name) => recordIn(join(folder(name), 'machine.json'), machineFile),
    supervisor: (name) => recordIn(join(folder(name), 'supervisor.json'), supervisorFile),
    exit: (name) => recordIn(join(folder(name), 'exit.json'), exitFile),
    remove: (name) => removeTree(folder(name)),
  }
}

/** Whether the process of a record is still that process. */
export const isAlive = ({ pid, birth }: SupervisorRecord): boolean => processBirth(pid) === birth
