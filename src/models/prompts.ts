/** How a model wants its prompts: from its configuration, and where that is silent from the hub. */
import type { Model } from '#domain/configuration'
import { type ChatTemplate, newChatTemplate } from './chat-template.ts'
import type { HubOptions } from './hub-files.ts'
import { PromptError } from './prompt-error.ts'
import type { TemplateProcess } from './template-process.ts'
import { readTokenizerConfig } from './tokenizer-config.ts'

export type TgiModel = Extract<Model, { format: 'tgi' }>

export interface Prompt {
  readonly template: ChatTemplate
  readonly eosToken: string
}

export interface PromptOptions extends HubOptions {
  readonly templates: TemplateProcess
}

const absentOnHub = (model: string, property: 'chat_template' | 'eos_token'): PromptError =>
  new PromptError(`model.${property} is not set, and "${model}" has none on its hub`, {
    hint: `write ${property} under model in the configuration`,
  })

/** Throws a PromptError where no prompt can be made. */
export const loadPrompt = async (model: TgiModel, options: PromptOptions): Promise<Prompt> => {
  const { name } = model
  const { chatTemplate, eosToken } = await readTokenizerConfig(name, model, options)
  if (chatTemplate === null) throw absentOnHub(name, 'chat_template')
  if (eosToken === null) throw absentOnHub(name, 'eos_token')
  return { template: await newChatTemplate(chatTemplate, options.templates), eosToken }
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
export const newPrompts = (options: PromptOptions): Prompts => {
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
