import { status } from '@grpc/grpc-js'
import { execFileSync } from 'node:child_process'
import { verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { endpointVariable } from '#backends/kit/endpoint'
import { nebius } from '#backends/nebius/backend'
import { newNebiusImporter } from '#backends/nebius/importer'
import { startServer } from '../../contract/scripted-server.ts'
import { startNebius } from './fake-nebius.ts'
import { keyEnvironment, privateKeyPem, publicKey, runNebius } from './run-nebius.ts'
import { goodWorld } from './world.ts'
import { fieldsOf, isThere, message, textAt } from './wire.ts'

const idsOf = ({ collected }: Awaited<ReturnType<typeof runNebius>>): readonly string[] =>
  collected.offers.map(({ id }) => id)

describe('the key of a service account', () => {
  const partsOf = (token: string) => {
    const [head = '', claims = '', signature = ''] = token.split('.')
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
    return { head: read(head), claims: read(claims), text: `${head}.${claims}`, signature }
  }

  test('signs a token that names the key, and is good for five minutes', async () => {
    const { server } = await runNebius()
    const [exchange] = server.asked
    const request = exchange?.request ?? new Uint8Array()
    expect(exchange?.authorization).toBe('')
    expect(textAt(request, 1)).toBe('urn:ietf:params:oauth:grant-type:token-exchange')
    expect(textAt(request, 4)).toBe('urn:ietf:params:oauth:token-type:jwt')
    const { head, claims, text, signature } = partsOf(textAt(request, 3))
    expect(head).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'publickey-canary-32' })
    const issued = Date.parse('2026-11-24T12:00:00Z') / 1000
    const account = 'serviceaccount-canary-31'
    expect(claims).toEqual({ iss: account, sub: account, iat: issued, exp: issued + 300 })
    const bytes = Buffer.from(signature, 'base64url')
    expect(verify('sha256', Buffer.from(text), publicKey, bytes)).toBe(true)
  })

  test('may stand in the file that its tools write', async () => {
    const credentials = {
      type: 'JWT',
      alg: 'RS256',
      'private-key': privateKeyPem,
      kid: 'publickey-of-file',
      iss: 'serviceaccount-of-file',
      sub: 'serviceaccount-of-file',
    }
    const { server, collected } = await runNebius({
      environment: { NEBIUS_CREDENTIALS_FILE: '/keys/nebius.json' },
      files: { '/keys/nebius.json': JSON.stringify({ 'subject-credentials': credentials }) },
    })
    const token = textAt(server.asked[0]?.request ?? new Uint8Array(), 3)
    expect(partsOf(token).head).toMatchObject({ kid: 'publickey-of-file' })
    expect(collected.sealed.complete).toBe(true)
  })

  test.each([
    ['is not there', {}, 'cannot be read'],
    ['is no JSON', { '/k': '{' }, 'are no key file of a service account'],
    [
      'holds no key',
      { '/k': '{"subject-credentials":{"private-key":"none","kid":"k","sub":"s"}}' },
      'hold no private key of RSA',
    ],
  ])('of a file that %s is refused before anything is asked', async (_what, files, why) => {
    const environment = { NEBIUS_CREDENTIALS_FILE: '/k' }
    await expect(runNebius({ environment, files })).rejects.toThrow(why)
  })

  test('is not needed beside a token, which is used as it is', async () => {
    const { server } = await runNebius({ environment: { NEBIUS_IAM_TOKEN: 'a-token-of-nebius' } })
    expect(server.asked.map(({ what }) => what)).not.toContain('Exchange')
  })

  test('is no token with characters that no header can hold, and none of them is told', async () => {
    const run = runNebius({ environment: { NEBIUS_IAM_TOKEN: 'canary\u2026' } })
    await expect(run).rejects.toThrow('the token of Nebius has characters that no token has')
  })

  test('in part is a mistake, and not its absence', () => {
    const importer = newNebiusImporter()
    expect(importer.readiness({ NEBIUS_SERVICE_ACCOUNT_ID: 'one' })).toEqual({
      status: 'misconfigured',
      names: ['NEBIUS_PUBLIC_KEY_ID', 'NEBIUS_PRIVATE_KEY_FILE or NEBIUS_PRIVATE_KEY'],
    })
    expect(importer.readiness({}).status).toBe('missing')
  })
})

describe('regions', () => {
  test('are those of projects that work, one project for each', async () => {
    const run = await runNebius()
    const asked = run.server.asked.filter(({ what }) => what === 'ListPlatforms')
    const projects = new Set(asked.map(({ request }) => textAt(request, 3)))
    expect([...projects]).toEqual(['project-a', 'project-b', 'project-c'])
    expect(idsOf(run).filter((id) => /eu-west1|me-west1/.test(id))).toEqual([])
  })

  test('are those of one tenant where it is named: tenants are not listed then', async () => {
    const run = await runNebius({
      world: { ...goodWorld, tenants: [] },
      environment: { ...keyEnvironment, NEBIUS_TENANT_ID: 'tenant-one' },
    })
    expect(run.server.asked.map(({ what }) => what)).not.toContain('ListTenants')
    expect(run.collected.sealed.complete).toBe(true)
    expect(idsOf(run).length).toBeGreaterThan(0)
  })
})

describe('prices', () => {
  test('as preemptible are asked for platforms that allow it, and for no others', async () => {
    const { server } = await runNebius()
    const asked = server.asked.filter(({ what }) => what === 'Estimate')
    const preemptible = asked
      .filter(({ request }) => isThere(request, 1, 100, 2, 19))
      .map(({ request }) => textAt(request, 1, 100, 2, 2, 1))
    expect(preemptible).toEqual(['gpu-h100-sxm', 'gpu-h100-sxm'])
    // List prices: no contract is asked for.
    for (const { request } of asked) expect(fieldsOf(request).has(10)).toBe(false)
  })

  test('that are refused for one machine leave the others', async () => {
    const all = idsOf(await runNebius())
    const refused = [status.INVALID_ARGUMENT, status.NOT_FOUND, status.FAILED_PRECONDITION]
    for (const code of refused) {
      const run = await runNebius({
        respond: ({ what, request }, good) =>
          what === 'Estimate' && textAt(request, 1, 100, 2, 2, 1) === 'gpu-l40s-a'
            ? { status: code }
            : good(),
      })
      expect(idsOf(run)).toEqual(all.filter((id) => !id.includes('l40s')))
      const reject = { reason: 'no price above zero', row: 'gpu-l40s-a 1gpu-8vcpu-32gb' }
      expect(run.collected.rejects).toEqual([reject])
    }
  })

  test('that are not told at all give no offer and no complete import', async () => {
    const { collected } = await runNebius({
      respond: ({ what }, good) => (what === 'Estimate' ? message([10, message()]) : good()),
    })
    expect(collected.offers).toEqual([])
    expect(collected.sealed.complete).toBe(false)
  })
})

describe('stock', () => {
  const stockOf = ({ collected }: Awaited<ReturnType<typeof runNebius>>) =>
    collected.offers
      .filter(({ stock }) => stock !== 'unknown')
      .map(({ id, stock }) => `${id} ${stock}`)

  test('is what fresh advice says of any fabric, and unknown without a quota', async () => {
    expect(stockOf(await runNebius())).toEqual([
      'nebius/eu-north1/gpu-h100-sxm 1gpu-16vcpu-200gb/on-demand low',
      'nebius/eu-north1/gpu-h100-sxm 1gpu-16vcpu-200gb/spot low',
      'nebius/eu-north1/gpu-h100-sxm 8gpu-128vcpu-1600gb/on-demand none',
    ])
  })

  test('is unknown where the account may not read it; prices are there all the same', async () => {
    const all = idsOf(await runNebius())
    for (const code of [status.PERMISSION_DENIED, status.UNIMPLEMENTED]) {
      const run = await runNebius({
        respond: ({ what }, good) => (what === 'ListAdvice' ? { status: code } : good()),
      })
      expect(stockOf(run)).toEqual([])
      expect(idsOf(run)).toEqual(all)
      expect(run.collected.sealed).toEqual({ complete: true })
    }
  })
})

test('a name of a card that another maker uses is told by its memory', async () => {
  const { collected } = await runNebius()
  const card = collected.offers.find(({ id }) => id.includes('rtx6000'))?.instanceType.gpu
  expect(card).toMatchObject({ name: 'RTXPRO6000', memoryMib: 96 * 1024 })
})

test('a list whose tokens go in a circle ends, and is incomplete', async () => {
  const { collected } = await runNebius({
    respond: (asked, good) => {
      const reply = good()
      if (asked.what !== 'ListPlatforms' || !(reply instanceof Uint8Array)) return reply
      return Buffer.concat([reply, message([2, '2'])])
    },
  })
  expect(collected.sealed.complete).toBe(false)
})

test('where nobody listens it is told as such', async () => {
  const closed = await startNebius(() => 'hang')
  closed.close()
  const run = runNebius({
    environment: { ...keyEnvironment, [endpointVariable('nebius')]: closed.url },
  })
  await expect(run).rejects.toThrow(/Exchange: the connection failed \(gRPC UNAVAILABLE\)$/)
})

test('an answer of no reasonable size is refused, and not asked for again', async () => {
  let exchanges = 0
  const run = runNebius({
    respond: () => {
      exchanges += 1
      return message([1, 'x'.repeat(17 * 1024 * 1024)])
    },
  })
  await expect(run).rejects.toThrow(/Exchange: the answer is too large$/)
  expect(exchanges).toBe(1)
})

test('calls that wait are ended with those that fail', async () => {
  let failed = false
  const run = runNebius({
    respond: ({ what }, good) => {
      if (what !== 'Estimate') return good()
      if (failed) return 'hang'
      failed = true
      return { status: status.OUT_OF_RANGE }
    },
    deadlineMs: 60_000,
  })
  await expect(run).rejects.toThrow(/answered gRPC OUT_OF_RANGE$/)
})

test('a proxy that speaks no gRPC is an error, whatever it says', async () => {
  const server = await startServer(() => ({ status: 200, body: '<html>Hello</html>' }))
  const run = runNebius({
    environment: { ...keyEnvironment, [endpointVariable('nebius')]: server.url },
  })
  await expect(run).rejects.toThrow(/TokenExchangeService/)
  await server.close()
})

test('it is asked over TLS, at hosts of its own', () => {
  const readiness = newNebiusImporter().readiness(keyEnvironment)
  const values = readiness.status === 'ready' ? readiness.values : {}
  expect(values['computeAddress']).toBe(nebius.endpoint)
  for (const host of Object.keys(nebius.hosts ?? {})) {
    expect(values[`${host}Address`]).toMatch(/^https:\/\/[a-z.-]+\.api\.nebius\.cloud$/)
  }
})

test('nothing of gRPC is loaded before it is asked', () => {
  const script = `
    import { createRequire } from 'node:module'
    const { nebius } = await import('./src/backends/nebius/backend.ts')
    const importer = await nebius.importer()
    importer.readiness({ NEBIUS_IAM_TOKEN: 'a token' })
    const loaded = () => Object.keys(createRequire(import.meta.url).cache)
      .filter((file) => /node_modules.(@grpc|protobufjs)/.test(file)).length
    const before = loaded()
    await import('./src/backends/nebius/api.ts')
    console.log(JSON.stringify({ before, after: loaded() > 0 }))`
  const args = ['--import', 'tsx', '-C', 'source', '--input-type=module', '-e', script]
  const text = execFileSync(process.execPath, args, { encoding: 'utf8' })
  expect(JSON.parse(text)).toEqual({ before: 0, after: true })
})
