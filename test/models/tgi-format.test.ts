import { describe, expect, test } from 'vitest'
import type { Model } from '#domain/configuration'
import { hello, newMoment, newReplica, newService, openaiModel, startEndpoint } from './harness.ts'

const template = `{% for message in messages %}
    {{- bos_token + '<' + message.role + '>' }}{{ message.content }}{{ eos_token }}
    {%- if loop.last %}!{% endif %}
{% endfor %}
{% if add_generation_prompt %}<assistant>{% endif %}`

const tgiModel = (chatTemplate = template): Model => ({
  format: 'tgi',
  type: 'chat',
  name: 'm',
  chatTemplate,
  eosToken: '</s>',
})

const answerOf = (text: string, more: object = {}) => ({
  generated_text: text,
  details: {
    finish_reason: 'stop_sequence',
    generated_tokens: 3,
    seed: 1,
    prefill: [
      { id: 1, text: '<s>', logprob: null },
      { id: 2, text: 'a', logprob: -1 },
    ],
    tokens: [],
    ...more,
  },
})

const newGenerator = (answer: unknown, status = 200) =>
  newReplica((_seen, _request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer))
  })

const event = (text: string, more: object = {}): string =>
  `data:${JSON.stringify({
    index: 1,
    token: { id: 1, text, logprob: -1, special: false },
    generated_text: null,
    details: null,
    ...more,
  })}\n\n`

const lastEvent = (reason: string, more: object = {}): string =>
  event('</s>', {
    token: { id: 2, text: '</s>', logprob: -1, special: true },
    generated_text: 'whole',
    details: { finish_reason: reason, generated_tokens: 4, seed: null, ...more },
  })

const newStreamer = (...events: string[]) =>
  newReplica((_seen, _request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const one of events) response.write(one)
    response.end()
  })

const start = (port: number, model = tgiModel()) => startEndpoint([newService('a', model, port)])

const read = async (stream: AsyncIterable<{ choices: { delta: object }[] }>) => {
  const deltas: object[] = []
  for await (const { choices } of stream) deltas.push(...choices.map(({ delta }) => delta))
  return deltas
}

describe('a request', () => {
  test('is a prompt by the template, with the parameters that the server knows', async () => {
    const { port, seen } = await newGenerator(answerOf('x'))
    const { client } = await start(port)
    await client.chat.completions.create({
      model: 'm',
      messages: [
        { role: 'system', content: 'be kind' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'one' },
            { type: 'text', text: 'two' },
          ],
        },
      ],
      max_tokens: 5,
      seed: 7,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['END', '</s>'],
    })
    expect(seen[0]?.path).toBe('/generate')
    expect(seen[0]?.headers.authorization).toBeUndefined()
    expect(JSON.parse(String(seen[0]?.body))).toEqual({
      inputs: '<system>be kind</s><user>one\ntwo</s>!<assistant>',
      parameters: {
        do_sample: true,
        max_new_tokens: 5,
        stop: ['END', '</s>'],
        seed: 7,
        temperature: 0.5,
        best_of: 1,
        details: true,
        decoder_input_details: true,
        top_p: 0.9,
      },
    })
  })

  test('says only what it must where the client says nothing', async () => {
    const { port, seen } = await newGenerator(answerOf('x'))
    const { client } = await start(port)
    await client.chat.completions.create({ model: 'm', messages: hello })
    await client.chat.completions.create({
      model: 'm',
      messages: hello,
      temperature: 0,
      top_p: 0.5,
    })
    const [plain, greedy] = seen.map(({ body }) => JSON.parse(String(body)) as object)
    const parameters = {
      do_sample: true,
      max_new_tokens: null,
      stop: ['</s>'],
      seed: null,
      temperature: 1,
      best_of: 1,
      details: true,
      decoder_input_details: true,
    }
    expect(plain).toEqual({ inputs: '<user>hello</s>!<assistant>', parameters })
    const { temperature: _, ...rest } = parameters
    expect(greedy).toMatchObject({ parameters: { ...rest, do_sample: false } })
    expect(JSON.stringify(greedy)).not.toMatch(/temperature|top_p/)
  })

  test.each([
    [{ top_logprobs: 2 }, 'top_logprobs'],
    [{ logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
    [{ frequency_penalty: 3 }, 'frequency_penalty'],
    [{ top_k: -1 }, 'top_k'],
    [{ repetition_penalty: 0 }, 'repetition_penalty'],
    [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema.schema'],
    [{ response_format: { type: 'grammar' } }, 'response_format'],
    [{ logit_bias: { 1: 2 } }, 'logit_bias'],
    [{ response_format: { type: 'json_object' } }, 'response_format'],
    [{ presence_penalty: 1 }, 'presence_penalty'],
    [{ tool_choice: 'required' }, 'tool_choice'],
    [{ tools: [{ type: 'function', function: { name: 'f' } }] }, 'tools'],
    [{ stream: true, n: 2 }, 'n'],
    [{ temperature: -1 }, 'temperature'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ messages: [] }, 'messages'],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages'],
    [{ messages: [{ role: 'user', content: 1 }] }, 'messages.0.content'],
  ])('%j is refused by name', async (more, param) => {
    const { port, seen } = await newGenerator(answerOf('x'))
    const { post } = await start(port)
    const body = JSON.stringify({ model: 'm', messages: hello, ...more })
    const answer = await post('/v1/chat/completions', body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param } })
    expect(seen).toEqual([])
  })

  test('what is left at its default is not refused', async () => {
    const { port } = await newGenerator(answerOf('x'))
    const { post } = await start(port)
    const more = {
      logprobs: false,
      frequency_penalty: 0,
      response_format: { type: 'text' },
      tools: [],
      tool_choice: null,
      user: 'me',
      unknown: { a: 1 },
    }
    const body = JSON.stringify({ model: 'm', messages: hello, ...more })
    expect((await post('/v1/chat/completions', body)).status).toBe(200)
    expect((await post('/v1/completions', '{"model":"m"}')).status).toBe(400)
  })

  test('what the server calls by the same name reaches it', async () => {
    const { port, seen } = await newGenerator(answerOf('x'))
    const { post } = await start(port)
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
    const more = {
      frequency_penalty: -0.5,
      repetition_penalty: 1.2,
      top_k: 10,
      typical_p: 0.9,
      logprobs: true,
      top_logprobs: 2,
      response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema } },
    }
    const body = JSON.stringify({ model: 'm', messages: hello, ...more })
    expect((await post('/v1/chat/completions', body)).status).toBe(200)
    expect(JSON.parse(String(seen[0]?.body))).toMatchObject({
      parameters: {
        frequency_penalty: -0.5,
        repetition_penalty: 1.2,
        top_k: 10,
        typical_p: 0.9,
        top_n_tokens: 2,
        details: true,
        grammar: { type: 'json', value: schema },
      },
    })
  })

  test('tools reach a template that has a place for them', async () => {
    const { port, seen } = await newGenerator(answerOf('x'))
    const { client } = await start(
      port,
      tgiModel('{{ tools | length }}{{ tools[0].function.name }}'),
    )
    await client.chat.completions.create({
      model: 'm',
      messages: hello,
      tools: [{ type: 'function', function: { name: 'f' } }],
    })
    expect(JSON.parse(String(seen[0]?.body))).toMatchObject({ inputs: '1f' })
  })
})

/** 256 Mi characters, and what is done with them. */
const doubled = (use: string): string =>
  '{% set ns = namespace(s="xxxxxxxx") %}{% for i in range(25) %}' +
  `{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s${use} }}`

const loop = '{% for i in range(90000) %}{% for j in range(90000) %}.{% endfor %}{% endfor %}'

const completion = JSON.stringify({ model: 'm', messages: hello })

test('runs of one name take turns, whichever format they are of', async () => {
  const tgi = await newGenerator(answerOf('by tgi'))
  const openai = await newGenerator({
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'by openai' }, finish_reason: 'stop' },
    ],
  })
  const services = [
    newService('one', tgiModel(), tgi.port),
    newService('two', openaiModel('m'), openai.port),
  ]
  const { client, post } = await startEndpoint(services)
  const said: (string | null | undefined)[] = []
  for (let turn = 0; turn < 4; turn++) {
    const { choices } = await client.chat.completions.create({ model: 'm', messages: hello })
    said.push(choices[0]?.message.content)
  }
  expect(said).toEqual(['by tgi', 'by openai', 'by tgi', 'by openai'])
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['m'])
  // Only one of them can do this.
  for (let turn = 0; turn < 2; turn++) await post('/v1/completions', '{"model":"m"}')
  expect([tgi.seen.length, openai.seen.length]).toEqual([2, 4])
})

describe('a template', () => {
  test.each([
    ['loops', loop],
    ['wants all memory', doubled(' | tojson')],
  ])('that %s keeps nobody from an answer, and others have their turn', async (_, chatTemplate) => {
    const { port } = await newGenerator(answerOf('fine'))
    const services = [
      newService('bad', tgiModel(chatTemplate), port),
      newService('good', { ...tgiModel(), name: 'good' }, port),
    ]
    const { post, get, client } = await startEndpoint(services)
    const settled: string[] = []
    const told = async (what: string, answer: Promise<{ status: number }>): Promise<void> => {
      const { status } = await answer
      settled.push(`${what} ${status}`)
    }
    const create = (): Promise<unknown> =>
      client.chat.completions.create({ model: 'good', messages: hello })
    await create()
    const bad = [1, 2, 3, 4].map(() => told('bad', post('/v1/chat/completions', completion)))
    await told('list', get('/v1/models'))
    expect(settled).toEqual(['list 200'])
    await create()
    expect(settled.filter((one) => one === 'bad 500').length).toBeLessThan(4)
    await Promise.all(bad)
    expect(settled.filter((one) => one === 'bad 500')).toHaveLength(4)
  })

  test.each([
    ["{{ raise_exception('roles must alternate') }}", 400, 'roles must alternate'],
    ['{{ nowhere + "a" }}', 400, 'The chat template refuses'],
    ['{% if %}', 500, 'no Jinja template'],
    [
      '{% for i in range(90000) %}{% for j in range(90000) %}.{% endfor %}{% endfor %}',
      500,
      '250 ms',
    ],
    ['{{ range(9000000000) }}', 500, 'the chat template'],
    [doubled('.split(",")'), 500, 'the chat template'],
    [doubled(' | tojson'), 500, 'the chat template'],
    [doubled(' | upper'), 500, 'the chat template'],
  ])('%s: %i', async (chatTemplate, status, message) => {
    const { port, seen } = await newGenerator(answerOf('x'))
    const { post } = await start(port, tgiModel(chatTemplate))
    const answer = await post(
      '/v1/chat/completions',
      JSON.stringify({ model: 'm', messages: hello }),
    )
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(message)
    expect(seen).toEqual([])
  })
})

describe('an answer', () => {
  test('has choices, usage, and no stop sequence at its end', async () => {
    const others = [{ generated_text: 'bEND', finish_reason: 'length', generated_tokens: 4 }]
    const { port, seen } = await newGenerator(answerOf('a</s>', { best_of_sequences: others }))
    const { client } = await start(port)
    const request = { model: 'm', messages: hello, n: 2, stop: 'END' }
    const answer = await client.chat.completions.create(request)
    expect(JSON.parse(String(seen[0]?.body))).toMatchObject({ parameters: { best_of: 2 } })
    expect(answer).toMatchObject({ object: 'chat.completion', model: 'm' })
    expect(
      answer.choices.map(({ index, message, finish_reason: reason }) => [
        index,
        message.content,
        reason,
      ]),
    ).toEqual([
      [0, 'a', 'stop'],
      [1, 'b', 'length'],
    ])
    expect(answer.usage).toEqual({ prompt_tokens: 2, completion_tokens: 7, total_tokens: 9 })
  })

  test('without a count of the prompt has no usage, rather than a wrong one', async () => {
    const { port } = await newGenerator(answerOf('a', { prefill: [] }))
    const { client } = await start(port)
    const answer = await client.chat.completions.create({ model: 'm', messages: hello })
    expect(answer.usage).toBeUndefined()
  })

  test.each([
    [{ generated_text: 'x' }, 200, 502],
    [answerOf('x', { finish_reason: 'whim' }), 200, 502],
    [{ error: 'Input validation error', error_type: 'validation' }, 422, 422],
    [{ error: 'Model is overloaded', error_type: 'overloaded' }, 429, 429],
  ])('%j', async (value, status, told) => {
    const { port } = await newGenerator(value, status)
    const { client } = await start(port)
    const failing = client.chat.completions.create({ model: 'm', messages: hello })
    await expect(failing).rejects.toMatchObject({ status: told })
  })
})

const tokenOf = (text: string, more: object = {}) => ({
  id: 1,
  text,
  logprob: -0.5,
  special: false,
  ...more,
})

describe('logprobs', () => {
  const eos = tokenOf('</s>', { special: true })
  const entry = (token: string, top: object[] = []) => ({
    token,
    logprob: -0.5,
    bytes: null,
    top_logprobs: top,
  })
  const other = { token: 'c', logprob: -2, bytes: null }

  test('are those of the text, without special tokens and the stop sequence', async () => {
    const tops = [[tokenOf('c', { logprob: -2 })], [], [], [], []]
    const others = [
      {
        generated_text: 'b',
        finish_reason: 'length',
        generated_tokens: 1,
        tokens: [tokenOf('b')],
      },
    ]
    const { port } = await newGenerator(
      answerOf('a bEND', {
        tokens: [tokenOf('a'), tokenOf(' bE'), tokenOf('N'), tokenOf('D'), eos],
        top_tokens: tops,
        best_of_sequences: others,
      }),
    )
    const { client } = await start(port)
    const answer = await client.chat.completions.create({
      model: 'm',
      messages: hello,
      n: 2,
      stop: 'END',
      logprobs: true,
      top_logprobs: 1,
    })
    expect(answer.choices.map(({ message }) => message.content)).toEqual(['a b', 'b'])
    expect(answer.choices.map(({ logprobs }) => logprobs?.content)).toEqual([
      [entry('a', [other]), entry(' bE')],
      [entry('b')],
    ])
  })

  test('that the server does not tell are no answer', async () => {
    const { port } = await newGenerator(answerOf('x', { tokens: undefined }))
    const { client } = await start(port)
    const request = { model: 'm', messages: hello, logprobs: true }
    await expect(client.chat.completions.create(request)).rejects.toMatchObject({ status: 502 })
  })

  test('of a stream come with the text they are of', async () => {
    const { port } = await newStreamer(
      event('a', { token: tokenOf('a'), top_tokens: [tokenOf('c', { logprob: -2 })] }),
      event(' bE', { token: tokenOf(' bE') }),
      event('N', { token: tokenOf('N') }),
      event('D', {
        token: tokenOf('D'),
        details: { finish_reason: 'stop_sequence', generated_tokens: 4 },
      }),
    )
    const { client } = await start(port)
    const stream = await client.chat.completions.create({
      model: 'm',
      messages: hello,
      stream: true,
      stop: 'END',
      logprobs: true,
      top_logprobs: 1,
    })
    const told: unknown[] = []
    for await (const { choices } of stream) {
      told.push([choices[0]?.delta.content, choices[0]?.logprobs?.content])
    }
    expect(told).toEqual([
      ['a', [entry('a', [other])]],
      [' b', [entry(' bE')]],
      [undefined, undefined],
    ])
  })
})

describe('a stream', () => {
  const request = { model: 'm', messages: hello, stream: true as const }

  test('has the role first, the reason last, and no stop sequence, also one in pieces', async () => {
    const { port, seen } = await newStreamer(
      event('Hel'),
      event('lo E'),
      event('N'),
      event('ough E'),
      event('ND', {
        generated_text: 'Hello ENough END',
        details: { finish_reason: 'stop_sequence', generated_tokens: 5, input_length: 6 },
      }),
    )
    const { client } = await start(port)
    const stream = await client.chat.completions.create({
      ...request,
      stop: 'END',
      stream_options: { include_usage: true },
    })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(seen[0]?.path).toBe('/generate_stream')
    expect(JSON.parse(String(seen[0]?.body))).toMatchObject({
      parameters: { decoder_input_details: false },
    })
    expect(chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))).toEqual([
      { role: 'assistant', content: 'Hel' },
      { content: 'lo ' },
      { content: 'ENough ' },
      {},
    ])
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
    const usage = { prompt_tokens: 6, completion_tokens: 5, total_tokens: 11 }
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage })
  })

  test('ends with [DONE], and leaves special tokens out', async () => {
    const { port } = await newStreamer(event('a'), lastEvent('length'))
    const { post } = await start(port)
    const answer = await post('/chat/completions', JSON.stringify(request))
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    expect(answer.headers.get('x-accel-buffering')).toBe('no')
    const text = await answer.text()
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(text).not.toContain('</s>')
    expect(text).toContain('"finish_reason":"length"')
  })

  test('that fails before its first token is an error with a status', async () => {
    const { port } = await newStreamer('data:{"error":"too long","error_type":"validation"}\n\n')
    const { client } = await start(port)
    await expect(client.chat.completions.create(request)).rejects.toMatchObject({
      status: 422,
      error: { message: 'too long', type: 'validation' },
    })
  })

  test.each([
    ['an error', 'data:{"error":"out of memory","error_type":"generation"}\n\n', 'out of memory'],
    ['an early end', '', 'ended before its answer did'],
    ['no JSON', 'data: {"tok\n\n', 'no JSON'],
    ['another shape', 'data: {"token":1}\n\n', 'another shape'],
  ])('%s in the middle is an error for the client, and no [DONE]', async (_, event2, message) => {
    const { port } = await newStreamer(event('a'), event2)
    const { client, post } = await start(port)
    const stream = await client.chat.completions.create(request)
    await expect(read(stream)).rejects.toThrow(message)
    const raw = await post('/chat/completions', JSON.stringify(request))
    expect(await raw.text()).not.toContain('[DONE]')
  })

  test('of a replica that dies in the middle too', async () => {
    const { port } = await newReplica((_seen, _request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(event('a'), () => setTimeout(() => response.destroy(), 20))
    })
    const { client } = await start(port)
    const stream = await client.chat.completions.create(request)
    await expect(read(stream)).rejects.toThrow('broke off')
  })

  test('that the client leaves ends at the replica, also while it is silent', async () => {
    const { come: left, now: leave } = newMoment()
    const { port } = await newReplica((_seen, _request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(event('a'))
      response.once('close', leave)
    })
    const { client } = await start(port)
    const stream = await client.chat.completions.create(request)
    for await (const _ of stream) stream.controller.abort()
    await expect(left).resolves.toBeUndefined()
  })
})
