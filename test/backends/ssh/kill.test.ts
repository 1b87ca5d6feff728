/** Killed anywhere in a launch: real SSH servers, whose engines are in memory. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe } from 'vitest'
import { ssh } from '#backends/ssh/backend'
import { newSshKeyPair } from '#platform/ssh-keys'
import { anInstanceType, anOffer } from '../../builders.ts'
import { killChapters } from '../../contract/core-chapters.ts'
import type { CloudModel, FakeKnobs } from '../../contract/fake-cloud.ts'
import type { ProvisionerCase } from '../../contract/provisioner-case.ts'
import { provisionerContract } from '../../contract/provisioner.ts'
import type { TestClock } from '../../contract/test-clock.ts'
import { type RunningSshd, startSshd, whyNoSshd } from '../../machines/sshd.ts'
import { newFakeEngine } from '../docker/fake-engine.ts'

const why = whyNoSshd()
if (why !== null) console.log(`skipped: ssh hosts that are killed: ${why}`)

const folder = mkdtempSync(join(tmpdir(), 'ssh-kill-'))
const login = newSshKeyPair('test')
const boxes = ['box-1', 'box-2'] as const
const servers: RunningSshd[] = []
const sockets: Server[] = []

/** The fake's address, which is known once it has started. */
let url = ''

/** The engine of a host: what it is asked goes to the fake, under the name of the host. */
const startSocket = async (box: string): Promise<void> => {
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = await text(request)
      const { method = 'GET', headers } = request
      const type = headers['content-type']
      const answer = await fetch(`${url}/${box}${request.url ?? '/'}`, {
        method,
        ...(body !== '' && { body }),
        ...(type !== undefined && { headers: { 'content-type': type } }),
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(await answer.text())
    }
    pass().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(join(folder, `${box}.sock`), resolve))
  sockets.push(server)
}

const newHosts = (clock: TestClock, knobs: FakeKnobs): CloudModel => {
  const engines = new Map(boxes.map((box) => [box as string, newFakeEngine(clock, knobs)]))
  // What was left of the hosts before these.
  for (const { home } of servers)
    rmSync(join(home, '.dstack-offers'), { recursive: true, force: true })
  return {
    knobs,
    handle: (request) => {
      const [, box = '', ...rest] = request.path.split('/')
      const path = `/${rest.join('/')}`
      return engines.get(box)?.handle({ ...request, path }) ?? { status: 404 }
    },
    machines: () =>
      [...engines].flatMap(([box, engine]) =>
        engine.machines().map(({ name }) => ({ id: `${box}/${name}`, name })),
      ),
    sideObjects: () => [],
    addForeign: (name) => name,
    namesGiven: () => [...engines.values()].flatMap((engine) => engine.namesGiven()),
  }
}

const offer = (name: string) =>
  anOffer({
    backend: 'ssh',
    region: name,
    priceNanoUsd: 10_000_000,
    instanceType: anInstanceType({ name, cpus: 2, memoryMib: 4096 }),
  })

const sshCase: ProvisionerCase = {
  launcher: ssh,
  environment: {
    HOME: folder,
    DSTACK_OFFERS_HOME: join(folder, 'data'),
    DSTACK_OFFERS_SSH_HOSTS: join(folder, 'hosts.yml'),
  },
  readFile: (_, address) => {
    url = address
    return login.privateKey
  },
  callsByItself: true,
  offers: [offer('box-1'), offer('box-2')],
  spotOffer: null,
  newModel: newHosts,
  isCreate: ({ path }) => path.endsWith('/containers/create'),
  isRead: ({ method, path }) => method === 'GET' && path.includes('/containers/'),
  isDestroy: ({ method }) => method === 'DELETE',
  errors: [],
  errorReply: ({ status, message }) => ({ status, json: { message } }),
  makesSideObjects: false,
}

describe.skipIf(why !== null)('hosts over SSH', () => {
  beforeAll(async () => {
    mkdirSync(join(folder, 'data'), { recursive: true })
    const hosts: unknown[] = []
    for (const name of boxes) {
      const { port, user } = servers[servers.push(await startSshd(login)) - 1] as RunningSshd
      await startSocket(name)
      const engine = { engine_socket: join(folder, `${name}.sock`), cpus: 2, memory_gb: 4 }
      hosts.push({ name, address: '127.0.0.1', port, user, identity_file: '~/key', ...engine })
    }
    writeFileSync(join(folder, 'hosts.yml'), JSON.stringify({ hosts }))
  }, 60_000)

  afterAll(async () => {
    for (const server of servers) await server.stop()
    for (const socket of sockets) socket.close()
    rmSync(folder, { recursive: true, force: true })
  })

  provisionerContract(sshCase, killChapters)
})
