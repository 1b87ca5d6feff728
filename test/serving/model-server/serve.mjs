/**
 * A real llama.cpp behind OpenAI's wire format, for one model:
 *
 *   PORT=8000 MODEL=harbour node serve.mjs FILE.gguf
 *
 * Which replica has answered stands in `x-replica`. `pace_ms` in what is asked for slows a stream down.
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { getLlama, LlamaCompletion, LlamaLogLevel } from 'node-llama-cpp'

const file = process.argv[2] ?? 'model.gguf'
const id = process.env.MODEL ?? 'harbour'
const port = Number(process.env.PORT ?? 8000)
const created = Math.floor(Date.now() / 1000)
const atOnce = 4

const llama = await getLlama({
  gpu: false,
  build: 'never',
  skipDownload: true,
  logLevel: LlamaLogLevel.error,
})
const model = await llama.loadModel({ modelPath: file })
const context = await model.createContext({ contextSize: 512, sequences: atOnce, threads: 1 })

const free = Array.from({ length: atOnce }, () => context.getSequence())
const waiting = []

const withSequence = async (work) => {
  const sequence = free.pop() ?? (await new Promise((resolve) => waiting.push(resolve)))
  try {
    return await work(sequence)
  } finally {
    await sequence.clearHistory()
    const next = waiting.shift()
    if (next === undefined) free.push(sequence)
    else next(sequence)
  }
}

const textOf = (content) =>
  Array.isArray(content) ? content.map(({ text }) => text ?? '').join('') : String(content ?? '')

const promptOf = (messages) =>
  [...messages.map(({ role, content }) => `${role}: ${textOf(content)}`), 'assistant:'].join('\n')

const generate = ({ messages, max_tokens, temperature, seed }, { signal, onText }) =>
  withSequence(async (contextSequence) => {
    const prompt = promptOf(messages)
    const completion = new LlamaCompletion({ contextSequence })
    let tokens = 0
    try {
      const { response, metadata } = await completion.generateCompletionWithMeta(prompt, {
        maxTokens: max_tokens ?? 32,
        temperature: temperature ?? 0,
        seed: seed ?? 1,
        signal,
        stopOnAbortSignal: true,
        onToken: (chunk) => (tokens += chunk.length),
        onTextChunk: onText,
      })
      const asked = model.tokenize(prompt).length + 1
      return {
        text: response,
        finish: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
        usage: { prompt_tokens: asked, completion_tokens: tokens, total_tokens: asked + tokens },
      }
    } finally {
      completion.dispose({ disposeSequence: false })
    }
  })

const bodyOf = async (request) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

const answer = (response, status, value) => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

const stream = async (asked, response, { head, signal }) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (delta, finish = null, more = {}) => {
    const choices = [{ index: 0, delta, finish_reason: finish }]
    const chunk = { ...head, object: 'chat.completion.chunk', choices, ...more }
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  }
  send({ role: 'assistant', content: '' })
  let sent = Promise.resolve()
  const pass = (content) => {
    if (asked.pace_ms === undefined) send({ content })
    else sent = sent.then(() => sleep(asked.pace_ms)).then(() => send({ content }))
  }
  const onText = (content) => content !== '' && pass(content)
  const { finish, usage } = await generate(asked, { signal, onText })
  await sent
  send({}, finish, asked.stream_options?.include_usage === true ? { usage } : {})
  response.end('data: [DONE]\n\n')
}

const complete = async (request, response) => {
  const asked = await bodyOf(request)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const { signal } = gone
  const head = { id: `chatcmpl-${randomUUID()}`, created, model: id }
  if (asked.stream === true) {
    await stream(asked, response, { head, signal })
    return
  }
  const { text, finish, usage } = await generate(asked, { signal })
  const message = { role: 'assistant', content: text }
  const choices = [{ index: 0, message, finish_reason: finish }]
  answer(response, 200, { ...head, object: 'chat.completion', choices, usage })
}

const server = createServer((request, response) => {
  const route = `${request.method} ${request.url}`
  response.setHeader('x-replica', `${hostname()}/${process.pid}`)
  if (route === 'GET /v1/models') {
    const model = { id, object: 'model', created, owned_by: 'llama.cpp' }
    answer(response, 200, { object: 'list', data: [model] })
  } else if (route === 'POST /v1/chat/completions') {
    complete(request, response).catch((error) => {
      if (response.headersSent) response.destroy()
      else answer(response, 400, { error: { message: String(error), type: 'server_error' } })
    })
  } else answer(response, 404, { error: { message: 'no such page', type: 'not_found' } })
})

server.listen(port)
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
