import type { Command } from 'commander'
import { ArgumentError, VariableError } from '#domain/errors'
import { addCommonFlags, addOutputFlag, type CommonFlags, type RequestFlags } from '#cli/flags'
import { repeatable } from '#cli/choices'
import { findFile } from '#cli/find-file'
import { writeNotes } from '#cli/notes'
import { noteUnset, readRequest, type Request } from '#cli/read-request'
import type { World } from '#cli/world'

const formats = ['yaml', 'json'] as const

interface Flags extends CommonFlags, Pick<RequestFlags, 'profile' | 'env'> {
  readonly output: (typeof formats)[number]
  readonly strict?: boolean
}

type Subject = NonNullable<Request['subject']>

const print = async (
  subject: Subject,
  profileName: string | null,
  format: Flags['output'],
): Promise<string> => {
  const { toSubjectDocument } = await import('#cli/output/subject-document')
  const document = toSubjectDocument(subject, profileName)
  switch (format) {
    case 'yaml':
      return (await import('#cli/output/yaml')).printYaml(document.normalized)
    case 'json': {
      const { formatVersion } = await import('#cli/output/document')
      const { printJson } = await import('#cli/output/json')
      return printJson({ format_version: formatVersion, kind: 'configuration', ...document })
    }
  }
}

const refuseUnset = (unset: readonly string[]): never => {
  const names = unset.map((name) => `"${name}"`).join(', ')
  throw new VariableError(`${names} ${unset.length === 1 ? 'is' : 'are'} not set`, {
    hint: `-e ${unset[0] ?? 'NAME'}=VALUE, or set it in the environment`,
  })
}

const runCheck = async (
  file: string,
  flags: Flags,
  runArguments: readonly string[],
  world: World,
): Promise<void> => {
  const { subject, profileName } = await readRequest({ file, flags, runArguments }, world)
  if (subject === null) throw new Error('a file was asked for and none was read')
  if (flags.strict === true && subject.unsetVariables.length > 0) {
    refuseUnset(subject.unsetVariables)
  }
  world.stdout.write(await print(subject, profileName, flags.output))
  writeNotes('note', noteUnset({ subject }), world, flags)
  const names = subject.configuration.resources.gpu?.names ?? []
  if (names.length === 0) return
  const { warnOfGpuNames } = await import('#cli/nearest-gpu')
  writeNotes('warning', await warnOfGpuNames(names), world, flags)
}

export const addCheckCommand = (
  program: Command,
  world: World,
  runArguments: readonly string[],
): void => {
  const command = program
    .command('check')
    .summary('check a file and print it without shorthands')
    .description(
      'Reports everything that is wrong with a file, each at its place; prints a valid one without shorthands, secrets masked.',
    )
    .argument('[file]', 'a *.dstack.yml, a directory that holds .dstack.yml, or -')
    .option('--strict', 'a required variable that is not set is an error')
    .option('--profile <name>', 'profile of .dstack/profiles.yml (default: $DSTACK_PROFILE)')
    .addOption(repeatable('-e, --env <NAME[=VALUE]>', 'environment variable of the container'))
  addCommonFlags(addOutputFlag(command, formats)).action(
    async (argument: string | undefined, flags: Flags) => {
      const found = findFile(argument, {}, [], world)
      if (found?.file === undefined) {
        throw new ArgumentError('there is no .dstack.yml here', { hint: 'give a FILE' })
      }
      await runCheck(found.file, flags, runArguments, world)
    },
  )
}
