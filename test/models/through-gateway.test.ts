/** The endpoint behind the gateway it is made for. */
import { createServer } from 'node:net'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Service } from '#domain/serving'
import { type Gateway, newGateway } from '#gateway/gateway'
import { defaultGatewayLimits } from '#gateway/options'
import { newModels } from '#models/models'
import { systemHttpClock } from '#platform/http-time'
import { seeded } from '../random.ts'
import { hello, newReplica, newService, openaiModel } from './harness.ts'

const start = async (first: readonly Service[], holdMs = 5000) => {
  let services = first
  const counted: string[] = []
  const gateway: Gateway = newGateway({
    domain: null,
    identify: (authorization) =>
      authorization === 'Bearer good' ? { tokenId: 't', mayUse: () => true } : null,
    models: (...call) => models(...call),
    limits: { ...defaultGatewayLimits, holdMs },
    clock: systemHttpClock,
    events: {
      counted: (runId) => counted.push(runId),
      answered: () => undefined,
      ejected: () => undefined,
      returned: () => undefined,
    },
  })
  const models = newModels({
    services: () => services,
    send: (...call) => gateway.send(...call),
    clock: systemHttpClock,
    environment: {},
  })
  gateway.update(services)
  const server = createHttpServer((request, response) => gateway.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await gateway.close(0)
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return {
    base,
    counted,
    client: new OpenAI({ apiKey: 'good', baseURL: base, maxRetries: 0 }),
    update: (next: readonly Service[]) => {
      services = next
      gateway.update(next)
    },
  }
}

const textOf = async (stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string> => {
  let text = ''
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  return text
}

const chunkOf = (content: string): string =>
  `data: ${JSON.stringify({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  })}\n\n`

const request = { model: 'm', messages: hello, stream: true as const }

describe('through the gateway', () => {
  test('nobody without a token, and any page with one', async () => {
    const { base, client } = await start([newService('a', openaiModel('m'))])
    const bad = new OpenAI({ apiKey: 'bad', baseURL: base, maxRetries: 0 })
    await expect(bad.models.list()).rejects.toMatchObject({ status: 401 })
    expect((await client.models.list()).data).toHaveLength(1)
    const preflight = await fetch(`${base}/chat/completions`, {
      method: 'OPTIONS',
      headers: { origin: 'http://page', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    const headers = { authorization: 'Bearer good', origin: 'http://page' }
    const list = await fetch(`${base}/models`, { headers })
    expect(list.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('a request waits for the replica that it wakes, and is counted once', async () => {
    const { port } = await newReplica((_seen, _request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`${chunkOf('awake')}data: [DONE]\n\n`)
    })
    const asleep = newService('a', openaiModel('m'))
    const { client, counted, update } = await start([asleep])
    const stream = client.chat.completions.create(request)
    while (counted.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    update([newService('a', openaiModel('m'), port)])
    expect(await textOf(await stream)).toBe('awake')
    expect(counted).toEqual(['id-a'])
  })

  test('where none comes up in time, the client is told when to come again', async () => {
    const { base, client } = await start([newService('a', openaiModel('m'))], 50)
    const failing = client.chat.completions.create(request)
    await expect(failing).rejects.toMatchObject({ status: 503, code: 'not_ready' })
    const again = await fetch(`${base}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer good' },
      body: JSON.stringify(request),
    })
    expect(again.headers.get('retry-after')).toMatch(/^\d+$/)
  })

  test.each(['openai', 'tgi'] as const)(
    'bytes cut anywhere are the same stream of the format %s',
    async (format) => {
      const random = seeded(11)
      const words = Array.from({ length: 40 }, () =>
        random.pick(['é€😀', 'word ', '\n\n', '"', '\\']),
      )
      const tokens = words.map(
        (text) => `data:${JSON.stringify({ token: { text, special: false } })}`,
      )
      const last = { token: { text: '', special: true } }
      const details = { finish_reason: 'length', generated_tokens: 40 }
      const byFormat = {
        openai: `${words.map(chunkOf).join('')}data: [DONE]\n\n`,
        tgi: `${tokens.join('\r\n\r\n')}\r\n\r\ndata:${JSON.stringify({ ...last, details })}\n\n`,
      }
      const bytes = Buffer.from(byFormat[format])
      const { port } = await newReplica((_seen, _request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const send = (at: number): void => {
          if (at >= bytes.length) {
            response.end()
            return
          }
          const end = at + random.int(1, 200)
          response.write(bytes.subarray(at, end), () => send(end))
        }
        send(0)
      })
      const common = { type: 'chat' as const, name: 'm' }
      const model =
        format === 'tgi'
          ? { ...common, format, chatTemplate: 'x', eosToken: '</s>' }
          : { ...common, format, prefix: '/v1' }
      const { client } = await start([newService('a', model, port)])
      for (let round = 0; round < 5; round++) {
        expect(await textOf(await client.chat.completions.create(request))).toBe(words.join(''))
      }
    },
  )

  test('an answer that is broken from its first byte harms nobody else', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'
        socket.end(`${head}transfer-encoding: chunked\r\n\r\nZZZ\r\n`)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const { client } = await start([newService('a', openaiModel('m'), port)])
    const read = async (): Promise<string> => textOf(await client.chat.completions.create(request))
    await expect(read()).rejects.toThrow(/502|terminated/)
    expect((await client.models.list()).data).toHaveLength(1)
  })
})
