import { describe, expect, test } from 'vitest'
import { loadPrompt, newPrompts, type TgiModel } from '#models/prompts'
import { PromptError } from '#models/prompt-error'
import { systemHttpClock } from '#platform/http-time'
import { newReplica } from './harness.ts'

const model = (more: Partial<TgiModel> = {}): TgiModel => ({
  format: 'tgi',
  type: 'chat',
  name: 'org/name-1.5',
  chatTemplate: null,
  eosToken: null,
  ...more,
})

const newHub = async (value: unknown, status = 200) => {
  const hub = await newReplica((_seen, _request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof value === 'string' ? value : JSON.stringify(value))
  })
  const environment = { HF_ENDPOINT: `http://127.0.0.1:${hub.port}/`, HF_TOKEN: 'hf_secret' }
  return { ...hub, options: { environment, clock: systemHttpClock } }
}

const rendered = (prompt: Awaited<ReturnType<typeof loadPrompt>>): string =>
  prompt.template.render({ eos_token: prompt.eosToken })

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
    expect(rendered(await loadPrompt(model(), options))).toBe(text)
    expect(seen[0]?.path).toBe('/org/name-1.5/resolve/main/tokenizer_config.json')
    expect(seen[0]?.headers.authorization).toBe('Bearer hf_secret')
  })

  test('is not asked where the configuration says both, and yields to it where it says one', async () => {
    const { options, seen } = await newHub({ chat_template: 'hub', eos_token: 'hub' })
    const both = await loadPrompt(model({ chatTemplate: 'own', eosToken: 'o' }), options)
    expect([rendered(both), both.eosToken, seen.length]).toEqual(['own', 'o', 0])
    const one = await loadPrompt(model({ chatTemplate: 'own' }), options)
    expect([rendered(one), one.eosToken, seen.length]).toEqual(['own', 'hub', 1])
  })

  test.each([
    [{ eos_token: 'x' }, 200, 'has no chat_template'],
    [{ chat_template: 'x' }, 200, 'has no eos_token'],
    [
      { chat_template: [{ name: 'rag', template: 'x' }], eos_token: 'x' },
      200,
      'has no chat_template',
    ],
    [{ chat_template: '{% if', eos_token: 'x' }, 200, 'no Jinja template'],
    [{ chat_template: 1 }, 200, 'another shape'],
    ['<html>', 200, 'no JSON'],
    ['{}', 404, 'HTTP 404'],
    ['{}', 403, 'rejects the credentials'],
  ])('%j with %i: %s', async (value, status, message) => {
    const { options } = await newHub(value, status)
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
    const options = { environment: { HF_ENDPOINT: 'hub.local' }, clock: systemHttpClock }
    await expect(loadPrompt(model(), options)).rejects.toThrow('no address of a hub: "hub.local"')
  })

  test('is asked once for all, and after a failure again, but not at once', async () => {
    let nowMs = 0
    const clock = { ...systemHttpClock, nowMs: () => nowMs }
    const good = await newHub({ chat_template: 'x', eos_token: 'x' })
    const prompts = newPrompts({ ...good.options, clock })
    await Promise.all([prompts.of(model()), prompts.of(model())])
    await prompts.of(model())
    expect(good.seen).toHaveLength(1)
    const bad = await newHub('{}', 404)
    const failing = newPrompts({ ...bad.options, clock })
    await expect(failing.of(model())).rejects.toThrow('404')
    await expect(failing.of(model())).rejects.toThrow('404')
    expect(bad.seen).toHaveLength(1)
    nowMs = 10_000
    await expect(failing.of(model())).rejects.toThrow('404')
    expect(bad.seen).toHaveLength(2)
  })
})
