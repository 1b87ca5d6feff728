/** What a model's makers say about its prompts: `tokenizer_config.json` on the hub. */
import * as z from 'zod/mini'
import { KnownError } from '#domain/errors'
import type { Environment } from '#platform/environment'
import { defaultBackoff, defaultHttpLimits, newHttpClient } from '#platform/http'
import type { HttpClock } from '#platform/http-time'
import { PromptError } from './prompt-error.ts'

export interface TokenizerConfig {
  readonly chatTemplate: string | null
  readonly eosToken: string | null
}

export interface HubOptions {
  readonly environment: Environment
  readonly clock: HttpClock
}

const publicHub = 'https://huggingface.co'
const maxBytes = 16 * 1024 * 1024
const hint = 'write chat_template and eos_token under model in the configuration'

const schema = z.object({
  chat_template: z.nullish(
    z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]),
  ),
  eos_token: z.nullish(z.union([z.string(), z.object({ content: z.string() })])),
})

const hubUrl = (environment: Environment): URL => {
  const said = environment['HF_ENDPOINT'] ?? ''
  const hub = said === '' ? publicHub : said
  const url = URL.canParse(hub) ? new URL(hub) : null
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new PromptError(`HF_ENDPOINT is no address of a hub: "${hub}"`)
}

const fileUrl = (environment: Environment, model: string): URL => {
  const parts = model.split('/')
  const isName = parts.length <= 2 && parts.every((part) => /^[\w-][\w.-]*$/.test(part))
  if (!isName) throw new PromptError(`"${model}" is no name of a model on a hub`, { hint })
  const url = hubUrl(environment)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${model}/resolve/main/tokenizer_config.json`
  return url
}

const parse = (text: string, model: string): TokenizerConfig => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new PromptError(`tokenizer_config.json of "${model}" is no JSON`, { hint, cause })
  }
  const { success, data, error } = schema.safeParse(value)
  if (!success) {
    const message = `tokenizer_config.json of "${model}" has another shape than the one known`
    throw new PromptError(message, { hint, cause: error })
  }
  const { chat_template: template, eos_token: eos } = data
  const named = Array.isArray(template)
    ? template.find(({ name }) => name === 'default')?.template
    : template
  return {
    chatTemplate: named ?? null,
    eosToken: (typeof eos === 'string' ? eos : eos?.content) ?? null,
  }
}

export const readTokenizerConfig = async (
  model: string,
  { environment, clock }: HubOptions,
): Promise<TokenizerConfig> => {
  const url = fileUrl(environment, model)
  const token = environment['HF_TOKEN'] ?? ''
  const http = newHttpClient({
    clock,
    limits: { ...defaultHttpLimits, silenceMs: 10_000, wholeMs: 30_000, bodyBytes: maxBytes },
    backoff: { ...defaultBackoff, attempts: 2, longestDelayMs: 2000 },
    random: Math.random,
    stash: null,
  })
  try {
    const { text } = await http.send({
      url,
      limit: { atOnce: 1, intervalMs: 0 },
      signal: AbortSignal.timeout(60_000),
      ...(token === '' ? {} : { secretHeaders: { authorization: `Bearer ${token}` } }),
    })
    return parse(text, model)
  } catch (error) {
    if (error instanceof PromptError || !(error instanceof KnownError)) throw error
    const message = `tokenizer_config.json of "${model}" cannot be read: ${error.message}`
    throw new PromptError(message, { hint, cause: error })
  } finally {
    await http.close()
  }
}
