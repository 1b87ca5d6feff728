/** How a model wants its prompts: from its configuration, and where that is silent from the hub. */
import type { Model } from '#domain/configuration'
import { type ChatTemplate, newChatTemplate } from './chat-template.ts'
import { PromptError } from './prompt-error.ts'
import { type HubOptions, readTokenizerConfig } from './tokenizer-config.ts'

export type TgiModel = Extract<Model, { format: 'tgi' }>

export interface Prompt {
  readonly template: ChatTemplate
  readonly eosToken: string
}

/** For a check when a service is submitted: throws a PromptError where no prompt can be made. */
export const loadPrompt = async (model: TgiModel, options: HubOptions): Promise<Prompt> => {
  const { name } = model
  const isComplete = model.chatTemplate !== null && model.eosToken !== null
  const read = isComplete ? null : await readTokenizerConfig(name, options)
  const template = model.chatTemplate ?? read?.chatTemplate ?? null
  const eosToken = model.eosToken ?? read?.eosToken ?? null
  const absent = template === null ? 'chat_template' : eosToken === null ? 'eos_token' : null
  if (template !== null && eosToken !== null)
    return { template: newChatTemplate(template), eosToken }
  throw new PromptError(`tokenizer_config.json of "${name}" has no ${absent}`, {
    hint: `write ${absent} under model in the configuration`,
  })
}

export interface Prompts {
  of(model: TgiModel): Promise<Prompt>
}

interface Known {
  readonly prompt: Promise<Prompt>
  /** Until then a failure is not tried again. */
  failedUntilMs: number | null
}

const keepFailureMs = 10_000
const maxKnown = 100

/** Each is loaded at its first use, once for all who wait for it. */
export const newPrompts = (options: HubOptions): Prompts => {
  const known = new Map<string, Known>()
  const load = (key: string, model: TgiModel): Known => {
    const one: Known = { prompt: loadPrompt(model, options), failedUntilMs: null }
    one.prompt.catch(() => {
      one.failedUntilMs = options.clock.nowMs() + keepFailureMs
    })
    const oldest = known.keys().next()
    if (known.size >= maxKnown && oldest.done !== true) known.delete(oldest.value)
    known.set(key, one)
    return one
  }
  return {
    of: (model) => {
      const key = JSON.stringify([model.name, model.chatTemplate, model.eosToken])
      const one = known.get(key)
      const untilMs = one?.failedUntilMs ?? Number.POSITIVE_INFINITY
      return (one && options.clock.nowMs() < untilMs ? one : load(key, model)).prompt
    },
  }
}
