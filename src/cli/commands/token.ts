/** `token`: who may use services and models. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type * as Api from '#api/tokens'
import { choiceOption, repeatable } from '#cli/choices'
import { exitCodes } from '#cli/exit-codes'
import { addCommonFlags, addOutputFlag, type CommonFlags } from '#cli/flags'
import { writeNotes } from '#cli/notes'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

interface DataFlags extends CommonFlags {
  readonly data?: string
}

interface CreateFlags extends DataFlags {
  readonly run?: readonly string[]
  readonly expires?: string
  readonly output: 'text' | 'json'
}

interface ListFlags extends DataFlags {
  readonly all?: boolean
  readonly output: 'table' | 'json'
}

const withTokens = async <T>(
  { data }: DataFlags,
  { environment, cwd, nowMs }: World,
  work: (tokens: Api.Tokens, api: typeof Api) => T,
): Promise<T> => {
  const api = await import('#api/tokens')
  const here =
    data === undefined ? environment : { ...environment, DSTACK_OFFERS_HOME: resolve(cwd, data) }
  const tokens = api.openTokens(here, () => nowMs)
  try {
    return work(tokens, api)
  } finally {
    tokens.close()
  }
}

const documentOf = async (tokens: readonly Api.Token[], world: World) => {
  const { printInstant } = await import('#platform/http-time')
  const { stateOf } = await import('#api/tokens')
  const instant = (ms: number | null): string | null => (ms === null ? null : printInstant(ms))
  return tokens.map((token) => ({
    id: token.id,
    name: token.name,
    status: stateOf(token, world.nowMs),
    runs: token.runs,
    created_at: instant(token.createdMs),
    expires_at: instant(token.expiresMs),
    revoked_at: instant(token.revokedMs),
    last_used_on: instant(token.usedMs)?.slice(0, 10) ?? null,
  }))
}

const createToken = async (
  name: string | undefined,
  flags: CreateFlags,
  world: World,
): Promise<number> => {
  const { token, text } = await withTokens(flags, world, (tokens, { parseDuration }) =>
    tokens.create({
      name: name ?? null,
      runs: flags.run ?? null,
      expiresMs:
        flags.expires === undefined ? null : world.nowMs + parseDuration(flags.expires) * 1000,
    }),
  )
  const [document] = await documentOf([token], world)
  world.stdout.write(
    flags.output === 'json'
      ? `${JSON.stringify({ ...document, token: text }, null, 2)}\n`
      : `${text}\n`,
  )
  const note = `token "${token.name}" is shown this once: only its hash is kept`
  writeNotes('note', [note], world, flags)
  return exitCodes.done
}

const tableOf = async (documents: Awaited<ReturnType<typeof documentOf>>): Promise<string> => {
  const { rowPrinter } = await import('#cli/tables/columns')
  const { visible } = await import('#cli/text-width')
  const column = (heading: string, cell: (one: (typeof documents)[number]) => string | null) => ({
    heading,
    align: 'left' as const,
    cells: documents.map((one) => visible(cell(one) ?? '-')),
  })
  const print = rowPrinter([
    column('ID', ({ id }) => id),
    column('NAME', ({ name }) => name),
    column('RUNS', ({ runs }) => runs?.join(' ') ?? 'all'),
    column('STATUS', ({ status }) => status),
    column('CREATED', ({ created_at: at }) => at),
    column('EXPIRES', ({ expires_at: at }) => at),
    column('LAST USED', ({ last_used_on: day }) => day),
  ])
  return [-1, ...documents.keys()].map((row) => `${print(row).trimEnd()}\n`).join('')
}

const listTokens = async (flags: ListFlags, world: World): Promise<number> => {
  const listed = await withTokens(flags, world, (tokens, { stateOf }) =>
    tokens.list().filter((one) => flags.all === true || stateOf(one, world.nowMs) !== 'revoked'),
  )
  const documents = await documentOf(listed, world)
  const table = documents.length === 0 ? 'No tokens.\n' : await tableOf(documents)
  world.stdout.write(
    flags.output === 'json' ? `${JSON.stringify({ tokens: documents }, null, 2)}\n` : table,
  )
  return exitCodes.done
}

const revokeToken = async (which: string, flags: DataFlags, world: World): Promise<number> => {
  const { id, name } = await withTokens(flags, world, (tokens) => tokens.revoke(which))
  world.stdout.write(`token ${name === id ? id : `${name} (${id})`} is revoked\n`)
  return exitCodes.done
}

const addDataFlag = (command: Command): Command =>
  addCommonFlags(command.option('--data <dir>', 'data folder of the server'))

const addCreate = (token: Command, { world, ending }: CommandGiven): void => {
  const create = token
    .command('create')
    .summary('make a token, and print it once')
    .description(
      'Makes a token and prints it, this once: only its hash is kept. It may use every run unless runs are named.',
    )
    .argument('[name]', 'what it is for (default: its id)')
    .addOption(repeatable('--run <name>', 'it may use only this run and its model'))
    .option('--expires <duration>', 'it ends after so long, such as 12h or 30d')
    .addOption(choiceOption('-o, --output <format>', 'format', ['text', 'json']).default('text'))
  addDataFlag(create).action(async (name: string | undefined, flags: CreateFlags) => {
    ending.code = await createToken(name, flags, world)
  })
}

const addList = (token: Command, { world, ending }: CommandGiven): void => {
  const list = token
    .command('list')
    .summary('list tokens')
    .description('Lists tokens: what they may use and when they were last used, never their text.')
    .option('-a, --all', 'revoked ones as well')
  addDataFlag(addOutputFlag(list, ['table', 'json'])).action(async (flags: ListFlags) => {
    ending.code = await listTokens(flags, world)
  })
}

const addRevoke = (token: Command, { world, ending }: CommandGiven): void => {
  const revoke = token
    .command('revoke')
    .summary('end a token')
    .description('Ends a token; a server at work refuses it within a second.')
    .argument('<token>', 'its id or name')
  addDataFlag(revoke).action(async (which: string, flags: DataFlags) => {
    ending.code = await revokeToken(which, flags, world)
  })
}

export const addTokenCommand = (program: Command, given: CommandGiven): void => {
  const token = program
    .command('token')
    .summary('make, list or revoke tokens of the server')
    .description('Tokens let their bearers use services and models.')
  addCreate(token, given)
  addList(token, given)
  addRevoke(token, given)
}
