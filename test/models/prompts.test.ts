import { describe, expect, test } from 'vitest'
import { loadPrompt, newPrompts, type Prompt, type TgiModel } from '#models/prompts'
import { PromptError } from '#models/prompt-error'
import { withPrompt } from '#models/submitted-model'
import { systemHttpClock } from '#platform/http-time'
import { newReplica, openaiModel, templates } from './harness.ts'

const model = (more: Partial<TgiModel> = {}): TgiModel => ({
  format: 'tgi',
  type: 'chat',
  name: 'org/name-1.5',
  chatTemplate: null,
  eosToken: null,
  ...more,
})

interface Hub {
  readonly status?: number
  /** The file of its own that newer models keep their template in. */
  readonly template?: string
}

const newHub = async (config: unknown, { status = 200, template }: Hub = {}) => {
  const hub = await newReplica(({ path }, _request, response) => {
    if (path.endsWith('/chat_template.jinja')) {
      response.writeHead(template === undefined ? 404 : 200).end(template)
      return
    }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof config === 'string' ? config : JSON.stringify(config))
  })
  const environment = { HF_ENDPOINT: `http://127.0.0.1:${hub.port}/`, HF_TOKEN: 'hf_secret' }
  const files = () => hub.seen.map(({ path }) => path.split('/').at(-1))
  return { ...hub, files, options: { environment, clock: systemHttpClock, templates } }
}

const rendered = async ({ template, eosToken }: Prompt): Promise<string> =>
  template.render({ eos_token: eosToken })

describe('what the hub says', () => {
  test.each([
    [{ chat_template: 'a{{ eos_token }}', eos_token: '</s>', more: 1 }, 'a</s>'],
    [
      { chat_template: 'b{{ eos_token }}', eos_token: { content: '<end>', special: true } },
      'b<end>',
    ],
    [
      {
        chat_template: [
          { name: 'tool_use', template: 'no' },
          { name: 'default', template: 'c' },
        ],
        eos_token: 'x',
      },
      'c',
    ],
  ])('%j', async (value, text) => {
    const { options, seen } = await newHub(value)
    expect(await rendered(await loadPrompt(model(), options))).toBe(text)
    expect(seen.map(({ path }) => path)).toEqual([
      '/org/name-1.5/resolve/main/chat_template.jinja',
      '/org/name-1.5/resolve/main/tokenizer_config.json',
    ])
    expect(seen[0]?.headers.authorization).toBe('Bearer hf_secret')
  })

  test('is not asked where the configuration says both, and yields to it where it says one', async () => {
    const { options, files } = await newHub({ chat_template: 'hub', eos_token: 'hub' })
    const both = await loadPrompt(model({ chatTemplate: 'own', eosToken: 'o' }), options)
    expect([await rendered(both), both.eosToken, files()]).toEqual(['own', 'o', []])
    const one = await loadPrompt(model({ chatTemplate: 'own' }), options)
    expect([await rendered(one), one.eosToken]).toEqual(['own', 'hub'])
    expect(files()).toEqual(['tokenizer_config.json'])
  })

  test('is the file of its own before the configuration of the tokenizer', async () => {
    const { options, files } = await newHub(
      { chat_template: 'old', eos_token: 'x' },
      { template: 'new' },
    )
    expect(await rendered(await loadPrompt(model(), options))).toBe('new')
    const withEos = await loadPrompt(model({ eosToken: 'own' }), options)
    expect([await rendered(withEos), withEos.eosToken]).toEqual(['new', 'own'])
    expect(files()).toEqual(['chat_template.jinja', 'tokenizer_config.json', 'chat_template.jinja'])
  })

  test('comes from where a model has moved, but no other host gets the token', async () => {
    const other = await newHub({ chat_template: 'moved', eos_token: 'x' })
    const hub = await newReplica(({ path }, _request, response) => {
      const location = path.startsWith('/org/')
        ? path.replace('/org/', '/now/')
        : `http://127.0.0.1:${other.port}${path}`
      response.writeHead(307, { location }).end()
    })
    const environment = { HF_ENDPOINT: `http://127.0.0.1:${hub.port}`, HF_TOKEN: 'hf_secret' }
    const prompt = await loadPrompt(model(), { ...other.options, environment })
    expect(await rendered(prompt)).toBe('moved')
    expect(hub.seen.map(({ headers }) => headers.authorization)).toEqual(
      hub.seen.map(() => 'Bearer hf_secret'),
    )
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
  })

  test.each([
    [{ eos_token: 'x' }, 200, 'model.chat_template is not set, and "org/name-1.5" has none'],
    [{ chat_template: 'x' }, 200, 'model.eos_token is not set'],
    [
      { chat_template: [{ name: 'rag', template: 'x' }], eos_token: 'x' },
      200,
      'model.chat_template is not set, and "org/name-1.5" has none',
    ],
    [{ chat_template: '{% if', eos_token: 'x' }, 200, 'no Jinja template'],
    [{ chat_template: 1 }, 200, 'another shape'],
    ['<html>', 200, 'no JSON'],
    ['{}', 404, 'model.chat_template is not set'],
    ['{}', 403, 'HTTP 403'],
    ['{}', 500, 'HTTP 500'],
  ])('%j with %i: %s', async (value, status, message) => {
    const { options } = await newHub(value, { status })
    const failing = loadPrompt(model(), options)
    await expect(failing).rejects.toBeInstanceOf(PromptError)
    await expect(failing).rejects.toThrow(message)
    await expect(failing).rejects.not.toThrow('hf_secret')
  })

  test.each(['../../etc', 'a/b/c', 'a/..', 'name:latest', 'a b', 'a/'])(
    'the name %j asks no hub',
    async (name) => {
      const { options, seen } = await newHub({ chat_template: 'x', eos_token: 'x' })
      await expect(loadPrompt(model({ name }), options)).rejects.toThrow('no name of a model')
      expect(seen).toEqual([])
    },
  )

  test('an address that is none', async () => {
    const environment = { HF_ENDPOINT: 'hub.local' }
    const options = { environment, clock: systemHttpClock, templates }
    await expect(loadPrompt(model(), options)).rejects.toThrow('no address of a hub: "hub.local"')
  })

  test('is asked once for all, and after a failure again, but not at once', async () => {
    let nowMs = 0
    const clock = { ...systemHttpClock, nowMs: () => nowMs }
    const good = await newHub({ chat_template: 'x', eos_token: 'x' })
    const prompts = newPrompts({ ...good.options, clock })
    await Promise.all([prompts.of(model()), prompts.of(model())])
    await prompts.of(model())
    expect(good.seen).toHaveLength(2)
    const bad = await newHub('{}', { status: 500 })
    const failing = newPrompts({ ...bad.options, clock })
    await expect(failing.of(model())).rejects.toThrow('HTTP 500')
    await expect(failing.of(model())).rejects.toThrow('HTTP 500')
    expect(bad.seen).toHaveLength(2)
    nowMs = 10_000
    await expect(failing.of(model())).rejects.toThrow('HTTP 500')
    expect(bad.seen).toHaveLength(4)
  })

  test('where nobody answers, what to write instead', async () => {
    const environment = { HF_ENDPOINT: 'http://127.0.0.1:9' }
    const failing = loadPrompt(model(), { environment, clock: systemHttpClock, templates })
    await expect(failing).rejects.toThrow('chat_template.jinja of "org/name-1.5" cannot be read')
    await expect(failing).rejects.toMatchObject({
      code: 'model-prompt',
      hint: 'write chat_template and eos_token under model in the configuration',
    })
  })
})

describe('a model that is submitted', () => {
  test('is kept with its template and end token, and asks nobody afterwards', async () => {
    const { options, seen } = await newHub({ chat_template: 'x', eos_token: 'y' })
    const runVariables = new Map([['HUGGING_FACE_HUB_TOKEN', 'hf_of_run']])
    const kept = await withPrompt(model(), { ...options, runVariables })
    expect(kept).toEqual(model({ chatTemplate: 'x', eosToken: 'y' }))
    expect(seen[0]?.headers.authorization).toBe('Bearer hf_of_run')
    expect(await withPrompt(kept, { ...options, runVariables })).toEqual(kept)
    expect(seen).toHaveLength(2)
  })

  test('of another format is kept as it is', async () => {
    const { options, seen } = await newHub({})
    const other = openaiModel('m')
    expect(await withPrompt(other, { ...options, runVariables: new Map() })).toBe(other)
    expect(seen).toEqual([])
  })

  test('is refused where its own template is none', async () => {
    const { options } = await newHub({})
    const bad = model({ chatTemplate: '{% if', eosToken: 'x' })
    const failing = withPrompt(bad, { ...options, runVariables: new Map() })
    await expect(failing).rejects.toThrow('no Jinja template')
  })
})
