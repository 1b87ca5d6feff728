/** The official client, through the gateway, to a real llama.cpp on this machine. */
import OpenAI, { APIError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localModelService, whyNoModelServer } from './model-server.ts'
import { newStand, type Stand, until } from './stand.ts'

const reason = whyNoModelServer()
if (reason !== null) console.warn(`models: not tried, ${reason}`)

const messages = [{ role: 'user' as const, content: 'hello' }]
const asked = { model: 'harbour', messages, max_tokens: 24, temperature: 0.8, seed: 7 }

const refusalOf = async (call: Promise<unknown>): Promise<APIError> => {
  const error: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  )
  if (error instanceof APIError) return error
  throw new Error(`no refusal of the API: ${String(error)}`)
}

describe.skipIf(reason !== null)('the official client', () => {
  let stand: Stand
  let url = ''
  let token = ''
  const clientWith = (apiKey: string) =>
    new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, timeout: 60_000 })

  beforeAll(async () => {
    stand = newStand()
    const server = await stand.server()
    url = server.url
    token = server.token ?? ''
    await stand.run('llm', localModelService(stand.folder, 'harbour', ''), '-b', 'local')
  }, 60_000)

  afterAll(() => stand.end())

  const idsOf = async (): Promise<string> => {
    const { data } = await clientWith(token).models.list()
    return data.map(({ id }) => id).join()
  }

  test('lists models', async () => {
    expect(await until(idsOf, (ids) => ids !== '', 10_000)).toBe('harbour')
  })

  test('gets a completion, the same for the same seed, though no replica was up at first', async () => {
    const client = clientWith(token)
    const { choices, usage } = await client.chat.completions.create(asked)
    expect(choices[0]?.message.content).toMatch(/^[ -~]{10,}$/)
    expect(choices[0]?.finish_reason).toBe('length')
    expect(usage?.completion_tokens).toBe(asked.max_tokens)
    const again = await client.chat.completions.create(asked)
    expect(again.choices[0]?.message.content).toBe(choices[0]?.message.content)
    const other = await client.chat.completions.create({ ...asked, seed: 8 })
    expect(other.choices[0]?.message.content).not.toBe(choices[0]?.message.content)
  }, 60_000)

  test('gets a stream, in pieces that make the completion', async () => {
    const client = clientWith(token)
    const whole = await client.chat.completions.create(asked)
    const stream = await client.chat.completions.create({
      ...asked,
      stream: true,
      stream_options: { include_usage: true },
    })
    const pieces: string[] = []
    let finish: string | null = null
    let tokens = 0
    for await (const { choices, usage } of stream) {
      const [choice] = choices
      if (choice?.delta.content) pieces.push(choice.delta.content)
      finish = choice?.finish_reason ?? finish
      tokens = usage?.completion_tokens ?? tokens
    }
    expect(pieces.length).toBeGreaterThan(5)
    expect(pieces.join('')).toBe(whole.choices[0]?.message.content)
    expect(finish).toBe('length')
    expect(tokens).toBe(asked.max_tokens)
  }, 60_000)

  test('is told of a model that is not there', async () => {
    const call = clientWith(token).chat.completions.create({ ...asked, model: 'lighthouse' })
    const error = await refusalOf(call)
    expect(error.status).toBe(404)
    expect(error.message).toContain('lighthouse')
    expect(error.code).toBe('model_not_found')
  })

  test('is told of a token that is none', async () => {
    const error = await refusalOf(clientWith('dso_nobody').models.list())
    expect(error.status).toBe(401)
  })
})
