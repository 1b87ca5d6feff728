/** What can be done with runs and their machines once they are there. */
import type { Command } from 'commander'
import { ArgumentError } from '#domain/errors'
import { repeatable } from '#cli/choices'
import { addCommonFlags, addOutputFlag, type CommonFlags } from '#cli/flags'
import type { CommandGiven } from './given.ts'
import { addPoolAddCommand } from './pool-add.ts'

export interface DocumentFlags extends CommonFlags {
  readonly output: 'table' | 'json'
}

export interface PsFlags extends DocumentFlags {
  readonly all?: boolean
  readonly watch?: boolean
}

export interface LogsFlags extends CommonFlags {
  readonly follow?: boolean
  readonly replica: number
}

export interface StopFlags extends CommonFlags {
  readonly abort?: boolean
}

export interface ReapFlags extends DocumentFlags {
  readonly owner?: string
  readonly expired?: boolean
  readonly dryRun?: boolean
  readonly backend?: readonly string[]
}

type Given = (name: string) => CommandGiven

const formats = ['table', 'json'] as const

const wholeNumber = (value: string): number => {
  if (/^\d{1,6}$/.test(value)) return Number(value)
  throw new ArgumentError(`"${value}" is no whole number`, { hint: 'such as 0 or 300' })
}

const addPs = (program: Command, { world, ending }: CommandGiven): void => {
  const command = program
    .command('ps')
    .summary('list runs')
    .description('Lists runs that are not over, with their replicas.')
    .option('-a, --all', 'those that are over as well')
    .option('-w, --watch', 'again whenever something changes')
  addCommonFlags(addOutputFlag(command, formats)).action(async (flags: PsFlags) => {
    const { listRuns } = await import('#cli/list-runs')
    ending.code = await listRuns(flags, world)
  })
}

const addLogs = (program: Command, { world, ending }: CommandGiven): void => {
  const command = program
    .command('logs')
    .summary('print what a run writes')
    .description('Prints the output of a replica that runs.')
    .argument('<name>', 'a run')
    .option('-f, --follow', 'until it ends')
    .option('--replica <number>', 'which one', wholeNumber, 0)
  addCommonFlags(command).action(async (name: string, flags: LogsFlags) => {
    const { printLogs } = await import('#cli/run-logs')
    ending.code = await printLogs(name, flags, world)
  })
}

const addAttach = (program: Command, { world, ending }: CommandGiven): void => {
  const command = program
    .command('attach')
    .summary('bring the port of a run here')
    .description('Listens on a port of this machine that leads to the run, until interrupted.')
    .argument('<name>', 'a run')
    .option('--port <number>', 'port of this machine; a free one without it', wholeNumber, 0)
  addCommonFlags(command).action(async (name: string, { port }: { readonly port: number }) => {
    const { attachRun } = await import('#cli/attach-run')
    ending.code = await attachRun(name, port, world)
  })
}

const addStop = (program: Command, { world, ending }: CommandGiven): void => {
  const command = program
    .command('stop')
    .summary('stop runs')
    .description('Stops runs, and waits until their machines are gone.')
    .argument('<names...>', 'runs')
    .option('-x, --abort', 'without waiting for commands to end')
    .option('-y, --yes', 'understood as in dstack: nothing is asked')
  addCommonFlags(command).action(async (names: readonly string[], flags: StopFlags) => {
    const { stopRuns } = await import('#cli/stop-runs')
    ending.code = await stopRuns(names, flags, world)
  })
}

const addPool = (program: Command, given: CommandGiven): void => {
  const { world, ending } = given
  const pool = program
    .command('pool')
    .summary('list, add, remove or keep machines')
    .description('The machines that runs have made, or may use.')
  addPoolAddCommand(pool, given)
  const list = pool
    .command('list')
    .description('Lists machines.')
    .option('--pool <name>', 'of one pool')
  addCommonFlags(addOutputFlag(list, formats)).action(
    async (flags: DocumentFlags & { readonly pool?: string }) => {
      const { listMachines } = await import('#cli/pool-machines')
      ending.code = await listMachines(flags, world)
    },
  )
  const remove = pool
    .command('remove')
    .description('Removes a machine: at once where it is idle, else when its replica has ended.')
    .argument('<machine>', 'its name')
  addCommonFlags(remove).action(async (name: string, flags: CommonFlags) => {
    const { removeMachine } = await import('#cli/pool-machines')
    ending.code = await removeMachine(name, flags, world)
  })
  const set = pool
    .command('set')
    .description('Says how long a machine may idle.')
    .argument('<machine>', 'its name')
    .requiredOption('--idle-seconds <count>', 'then it goes', wholeNumber)
  addCommonFlags(set).action(async (name: string, flags: { readonly idleSeconds: number }) => {
    const { setIdle } = await import('#cli/pool-machines')
    ending.code = await setIdle(name, flags.idleSeconds, world)
  })
}

const addDoctor = (program: Command, { world, ending }: CommandGiven): void => {
  const command = program
    .command('doctor')
    .summary('which backends can be used here')
    .description('Says which backends can launch from here, and what the others lack.')
  addCommonFlags(addOutputFlag(command, formats)).action(async (flags: DocumentFlags) => {
    const { examineBackends } = await import('#cli/examine-backends')
    ending.code = await examineBackends(flags, world)
  })
}

const addReap = (program: Command, { world, ending }: CommandGiven): void => {
  const command = program
    .command('reap')
    .summary('remove machines that no run owns')
    .description('Removes what carries our tags and belongs to no run; never anything else.')
    .option('--owner <id>', 'of another file of runs, one that is lost')
    .option('--expired', 'only what has expired')
    .option('--dry-run', 'only say it')
    .addOption(repeatable('-b, --backend <name>', 'only there'))
  addCommonFlags(addOutputFlag(command, formats)).action(async (flags: ReapFlags) => {
    const { reapMachines } = await import('#cli/reap-machines')
    ending.code = await reapMachines(flags, world)
  })
}

export const addRunsCommands = (program: Command, given: Given): void => {
  addPs(program, given('ps'))
  addLogs(program, given('logs'))
  addAttach(program, given('attach'))
  addStop(program, given('stop'))
  addPool(program, given('pool'))
  addDoctor(program, given('doctor'))
  addReap(program, given('reap'))
}
