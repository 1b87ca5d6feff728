/** Credentials are nowhere but in the request: no output, no file, no database has them. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endpointVariable } from '#backends/kit/endpoint'
import { digitalocean } from '#backends/digitalocean/backend'
import { lambdalabs } from '#backends/lambdalabs/backend'
import { digitaloceanCase } from '../backends/digitalocean/digitalocean-case.ts'
import { lambdalabsCase } from '../backends/lambdalabs/lambdalabs-case.ts'
import { goodReply } from '../contract/run-importer.ts'
import { type Reply, startServer } from '../contract/scripted-server.ts'
import { run } from '../cli/world.ts'
import { newWorld, type World } from './world.ts'

const canary = 'canary-5f2b81c09d'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesUnder(path) : [path]
  })

/** As it is, and as headers carry it. */
const shapes = [canary, Buffer.from(canary).toString('base64').replaceAll('=', '')]

const expectNowhere = (texts: Readonly<Record<string, string>>): void => {
  const all = { ...texts }
  for (const path of filesUnder(world.home)) all[path] = readFileSync(path, 'latin1')
  for (const [where, text] of Object.entries(all)) {
    for (const shape of shapes) expect([where, text.includes(shape)]).toEqual([where, false])
  }
}

const cases = [
  { backend: digitalocean, good: digitaloceanCase, variable: 'DIGITALOCEAN_TOKEN' },
  { backend: lambdalabs, good: lambdalabsCase, variable: 'LAMBDA_API_KEY' },
]

test.each(cases)('$backend.name', { timeout: 60_000 }, async ({ backend, good, variable }) => {
  let reply: (() => Reply) | null = null
  const server = await startServer((asked) => reply?.() ?? goodReply(good, asked))
  const environment = {
    ...world.environment,
    [variable]: canary,
    [endpointVariable(backend.name)]: server.url,
  }
  const asked = ['catalog', 'refresh', '-b', backend.name, '--force']
  try {
    // What a careless server says back.
    const echo = { body: JSON.stringify({ error: `bad key ${canary}`, message: canary }) }
    const answers: readonly (() => Reply)[] = [
      () => ({ status: 401, ...echo }),
      () => ({ status: 404, ...echo }),
      () => echo,
      () => ({ status: 302, headers: { location: `${server.url}/?key=${canary}` } }),
    ]
    for (const answer of [null, ...answers]) {
      reply = answer
      for (const format of ['table', 'json']) {
        const { stdout, stderr } = await run([...asked, '-o', format], { environment, columns: 80 })
        expect(stdout).toContain(backend.name)
        expectNowhere({ stdout, stderr })
      }
    }
    // It did reach the server, or none of this would mean anything.
    expect(server.asked.some(({ headers }) => JSON.stringify(headers).includes(canary))).toBe(true)
  } finally {
    await server.close()
  }
})
