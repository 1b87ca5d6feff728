import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { GatewayRefusal } from '#gateway/refusal'
import { hello, newMoment, newReplica, newService, openaiModel, startEndpoint } from './harness.ts'

const completion = {
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
}

const newJsonReplica = (value: unknown = completion, status = 200) =>
  newReplica((_seen, _request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'set-cookie': 'a=b' })
    response.end(typeof value === 'string' ? value : JSON.stringify(value))
  })

const chunkOf = (content: string): string =>
  `data: ${JSON.stringify({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  })}\n\n`

describe('the list of models', () => {
  test('names what the token may use, several runs once, the oldest by its age', async () => {
    const services = [
      { ...newService('b', openaiModel('m')), submittedMs: 1_800_000_000_000 },
      newService('a', openaiModel('m')),
      newService('c', openaiModel('org/other')),
      newService('secret', openaiModel('hidden')),
      newService('none', null),
    ]
    const mayUse = (run: string): boolean => run !== 'secret'
    const { client, get } = await startEndpoint(services, { mayUse })
    const { data } = await client.models.list()
    expect(data.map(({ id, created }) => [id, created])).toEqual([
      ['m', 1_700_000_000],
      ['org/other', 1_700_000_000],
    ])
    expect(await client.models.retrieve('org/other')).toMatchObject({ object: 'model' })
    for (const path of ['/models', '/v1/models', '/models/org/other', '/v1/models/?x=1']) {
      expect((await get(path)).status, path).toBe(200)
    }
    await expect(client.models.retrieve('hidden')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
  })
})

describe('a completion', () => {
  test('reaches the replica under its prefix, without the token', async () => {
    const { port, seen } = await newJsonReplica()
    const { client } = await startEndpoint([newService('a', openaiModel('m', '/api/v3/'), port)])
    const answer = await client.chat.completions.create({ model: 'm', messages: hello })
    expect(answer.choices[0]?.message.content).toBe('hi')
    const [one] = seen
    expect(one?.path).toBe('/api/v3/chat/completions')
    expect(one?.headers.authorization).toBeUndefined()
    expect(one?.headers['content-type']).toBe('application/json')
    expect(JSON.stringify(one?.headers)).not.toContain('secret-token')
  })

  test('and so do completions, embeddings and responses; no other path does', async () => {
    const { port, seen } = await newJsonReplica()
    const { post } = await startEndpoint([newService('a', openaiModel('m'), port)])
    const body = '{"model":"m"}'
    for (const path of ['/completions', '/v1/embeddings?a=1', '/v1/responses', '/completions/']) {
      const answer = await post(path, body)
      expect(answer.status, path).toBe(200)
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
    expect(seen.map(({ path }) => path)).toEqual([
      '/v1/completions',
      '/v1/embeddings?a=1',
      '/v1/responses',
      '/v1/completions',
    ])
    for (const path of ['/v1/files', '/v1', '/v1/v1/completions', '/']) {
      expect((await post(path, body)).status, path).toBe(404)
    }
    expect(seen).toHaveLength(4)
  })

  test('whatever the JSON, its bytes arrive as they were sent', async () => {
    const { port, seen } = await newJsonReplica()
    const { post } = await startEndpoint([newService('a', openaiModel('m'), port)])
    const spelled = fc
      .record({ name: fc.stringMatching(/^[a-z]{3,8}_$/), value: fc.json(), gap: fc.nat(3) })
      .map(({ name, value, gap }) => {
        const space = ' \n\t'.repeat(gap)
        return `{${space}"${name}":${value},"big":123456789012345678901234567890,"e":1.0E+2,${space}"model"${space}:"\\u006d"}${space}`
      })
    await fc.assert(
      fc.asyncProperty(spelled, async (body) => {
        expect((await post('/v1/chat/completions', body)).status).toBe(200)
        expect(seen.pop()?.body.equals(Buffer.from(body))).toBe(true)
      }),
      { numRuns: 100, seed: 7 },
    )
  })

  test('runs of one name take turns, those without replicas only where no other has any', async () => {
    const [one, two] = [await newJsonReplica(), await newJsonReplica()]
    const asked: string[] = []
    const services = [
      newService('asleep', openaiModel('m')),
      newService('one', openaiModel('m'), one.port),
      newService('two', openaiModel('m'), two.port),
      newService('dozing', openaiModel('zero')),
      { ...newService('older', openaiModel('zero')), submittedMs: 5 },
    ]
    const { post } = await startEndpoint(services)
    for (let turn = 0; turn < 6; turn++) await post('/v1/chat/completions', '{"model":"m"}')
    expect([one.seen.length, two.seen.length]).toEqual([3, 3])
    const waking = await startEndpoint(services, {
      send: (service) => {
        asked.push(service.run)
        const parts = { status: 503, type: 'service_unavailable', reason: 'not_ready' }
        throw new GatewayRefusal({ ...parts, message: 'not in time', retryAfterSeconds: 10 })
      },
    })
    for (let turn = 0; turn < 2; turn++) {
      const answer = await waking.post('/v1/chat/completions', '{"model":"zero"}')
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('10')
      expect(await answer.json()).toEqual({
        error: {
          message: 'not in time',
          type: 'service_unavailable',
          param: null,
          code: 'not_ready',
        },
      })
    }
    expect(asked).toEqual(['older', 'older'])
  })
})

describe('what is refused', () => {
  test.each([
    ['{"model":"nobody"}', 404, 'model_not_found'],
    ['{"model":"hidden"}', 404, 'model_not_found'],
    ['{"model":1}', 400, 'invalid_value'],
    ['{}', 400, 'invalid_value'],
    ['[]', 400, 'invalid_json'],
    ['', 400, 'invalid_json'],
    ['{"model":"m"', 400, 'invalid_json'],
    ['\uFEFF{"model":"m"}', 400, 'invalid_json'],
  ])('%j: %i %s', async (body, status, code) => {
    const { port, seen } = await newJsonReplica()
    const services = [
      newService('a', openaiModel('m'), port),
      newService('secret', openaiModel('hidden'), port),
    ]
    const { post } = await startEndpoint(services, { mayUse: (run) => run !== 'secret' })
    const answer = await post('/v1/chat/completions', body)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error: { code } })
    expect(seen).toEqual([])
  })

  test('bytes that are no UTF-8, and bodies in an encoding', async () => {
    const { post } = await startEndpoint([newService('a', openaiModel('m'))])
    const bad = Buffer.concat([
      Buffer.from('{"model":"m","x":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ])
    expect((await post('/v1/chat/completions', bad)).status).toBe(400)
    const packed = await post('/v1/chat/completions', '{}', { 'content-encoding': 'gzip' })
    expect(packed.status).toBe(415)
  })

  test('a body too large, whether it says so or not', async () => {
    const { port, post } = await startEndpoint([newService('a', openaiModel('m'))], {
      maxBodyBytes: 1000,
    })
    const answer = await post('/v1/chat/completions', JSON.stringify({ model: 'x'.repeat(2000) }))
    expect(answer.status).toBe(413)
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    socket.write(`7d0\r\n${'x'.repeat(2000)}\r\n`)
    const [head] = (await once(socket, 'data')) as [Buffer]
    expect(head.toString()).toContain('413 ')
    await once(socket, 'close')
  })
})

describe('errors of a replica', () => {
  test.each([
    [400, { error: { message: 'as it is', type: 't', x: 1 } }, 'as it is'],
    [422, { error: 'Input validation error', error_type: 'validation' }, 'Input validation error'],
    [400, { object: 'error', message: 'too long', type: 'BadRequest', code: 400 }, 'too long'],
    [422, { detail: [{ loc: ['body'] }] }, '[{"loc":["body"]}]'],
    [404, { detail: { message: 'Model X not found' } }, 'Model X not found'],
    [500, 'Internal Server Error', 'Internal Server Error'],
    [502, '', "The model's server answered HTTP 502."],
  ])('%i %j', async (status, value, message) => {
    const { port } = await newJsonReplica(value, status)
    const { client } = await startEndpoint([newService('a', openaiModel('m'), port)])
    const failing = client.chat.completions.create({ model: 'm', messages: hello })
    await expect(failing).rejects.toMatchObject({ status, error: { message } })
  })

  test('a redirect is no answer', async () => {
    const { port } = await newJsonReplica('', 302)
    const { post } = await startEndpoint([newService('a', openaiModel('m'), port)])
    expect((await post('/v1/chat/completions', '{"model":"m"}')).status).toBe(502)
  })
})

describe('a stream', () => {
  test('arrives as it is sent, each piece before the next is made', async () => {
    const { come: seenFirst, now: sendRest } = newMoment()
    const { port } = await newReplica((_seen, _request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      response.write(chunkOf('one'))
      void seenFirst.then(() => response.end(`${chunkOf('two')}data: [DONE]\n\n`))
    })
    const { client } = await startEndpoint([newService('a', openaiModel('m'), port)])
    const { data, response } = await client.chat.completions
      .create({ model: 'm', messages: hello, stream: true })
      .withResponse()
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    const texts: unknown[] = []
    for await (const { choices } of data) {
      texts.push(choices[0]?.delta.content)
      sendRest()
    }
    expect(texts).toEqual(['one', 'two'])
  })

  test('a client that leaves ends the request at the replica', async () => {
    const { come: left, now: leave } = newMoment()
    const { port } = await newReplica((_seen, _request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(chunkOf('one'))
      response.once('close', leave)
    })
    const { client } = await startEndpoint([newService('a', openaiModel('m'), port)])
    const stream = await client.chat.completions.create({
      model: 'm',
      messages: hello,
      stream: true,
    })
    for await (const _ of stream) stream.controller.abort()
    await expect(left).resolves.toBeUndefined()
  })

  test('so does one that leaves before the answer has begun', async () => {
    const { come: left, now: leave } = newMoment()
    const { come: asked, now: ask } = newMoment()
    const { port } = await newReplica((_seen, _request, response) => {
      response.once('close', leave)
      ask()
    })
    const { client } = await startEndpoint([newService('a', openaiModel('m'), port)])
    const gone = new AbortController()
    const failing = client.chat.completions.create(
      { model: 'm', messages: hello },
      { signal: gone.signal },
    )
    await asked
    gone.abort()
    await expect(failing).rejects.toBeInstanceOf(OpenAI.APIUserAbortError)
    await left
  })

  test('a replica that dies in the middle ends it broken, never cleanly', async () => {
    const { port } = await newReplica((_seen, _request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(chunkOf('one'), () => setTimeout(() => response.destroy(), 20))
    })
    const { client } = await startEndpoint([newService('a', openaiModel('m'), port)])
    const stream = await client.chat.completions.create({
      model: 'm',
      messages: hello,
      stream: true,
    })
    const read = async (): Promise<void> => {
      for await (const _ of stream);
    }
    await expect(read()).rejects.toThrow('terminated')
  })
})
