import type { Command } from 'commander'
import { choiceArgument } from '#cli/choices'
import type { World } from '#cli/world'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

export const addCompletionCommand = (program: Command, world: World): void => {
  program
    .command('completion')
    .summary('print a completion script')
    .description('Prints a script that completes commands, options, backends, regions and GPUs.')
    .addArgument(choiceArgument('shell', shells))
    .action(async (shell: Shell) => {
      const { completionScripts } = await import('#cli/completion/scripts')
      world.stdout.write(completionScripts[shell])
    })
}
