import type { Command } from 'commander'
import { ArgumentError, VariableError } from '#domain/errors'
import type { OverlayFindings } from '#api/overlay'
import { checkOverlay, writeFindings } from '#cli/check-overlay'
import {
  addCommonFlags,
  addOutputFlag,
  addOverlayFlags,
  type CommonFlags,
  type OverlayFlags,
  type RequestFlags,
} from '#cli/flags'
import { repeatable } from '#cli/choices'
import { findFile } from '#cli/find-file'
import { writeNotes } from '#cli/notes'
import { noteUnset, readRequest, type Request } from '#cli/read-request'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

const formats = ['yaml', 'json'] as const

interface Flags extends CommonFlags, OverlayFlags, Pick<RequestFlags, 'profile' | 'env'> {
  readonly output: (typeof formats)[number]
  readonly strict?: boolean
}

type Subject = NonNullable<Request['subject']>

interface Checked {
  readonly subject: Subject
  readonly profileName: string | null
  /** Null without an overlay. */
  readonly findings: OverlayFindings | null
}

const print = async (
  { subject, profileName, findings }: Checked,
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
      const overlay =
        findings && (await import('#cli/output/overlay-document')).toFindingsDocument(findings)
      return printJson({
        format_version: formatVersion,
        kind: 'configuration',
        ...document,
        overlay,
      })
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
  const findings = await checkOverlay(flags, world)
  world.stdout.write(await print({ subject, profileName, findings }, flags.output))
  writeNotes('note', noteUnset({ subject }), world, flags)
  if (findings !== null) await writeFindings(findings, { flags, to: 'stderr' }, world)
  const names = subject.configuration.resources.gpu?.names ?? []
  if (names.length === 0) return
  const { warnOfGpuNames } = await import('#cli/nearest-gpu')
  writeNotes('warning', await warnOfGpuNames(names), world, flags)
}

export const addCheckCommand = (
  program: Command,
  { world, runArguments, typed }: CommandGiven,
): void => {
  const command = program
    .command('check')
    .summary('check a file and print it without shorthands')
    .description(
      'Reports everything that is wrong with a file, each at its place; prints a valid one without shorthands, secrets masked. Tells which rules of an overlay are unused, expired or in conflict; without a file here, of the overlay alone.',
    )
    .argument('[file]', 'a *.dstack.yml, a directory that holds .dstack.yml, or -')
    .option('--strict', 'a required variable that is not set is an error')
  if (!typed) return
  command
    .option('--profile <name>', 'profile of .dstack/profiles.yml (default: $DSTACK_PROFILE)')
    .addOption(repeatable('-e, --env <NAME[=VALUE]>', 'environment variable of the container'))
  addCommonFlags(addOutputFlag(addOverlayFlags(command), formats)).action(
    async (argument: string | undefined, flags: Flags) => {
      const found = findFile(argument, {}, [], world)
      if (found?.file === undefined) {
        const findings = await checkOverlay(flags, world)
        if (findings !== null) return writeFindings(findings, { flags, to: 'stdout' }, world)
        throw new ArgumentError('there is no .dstack.yml here', { hint: 'give a FILE' })
      }
      await runCheck(found.file, flags, runArguments, world)
    },
  )
}
