/** What a model's makers say about its prompts, on the hub. */
import * as z from 'zod/mini'
import { hubHint, type HubOptions, openHubFiles } from './hub-files.ts'
import { PromptError } from './prompt-error.ts'

export interface TokenizerConfig {
  readonly chatTemplate: string | null
  readonly eosToken: string | null
}

/** Where both are; newer models keep the template in a file of its own, which then counts. */
const configFile = 'tokenizer_config.json'
const templateFile = 'chat_template.jinja'

const schema = z.object({
  chat_template: z.nullish(
    z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]),
  ),
  eos_token: z.nullish(z.union([z.string(), z.object({ content: z.string() })])),
})

const parse = (text: string, model: string): TokenizerConfig => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new PromptError(`${configFile} of "${model}" is no JSON`, { hint: hubHint, cause })
  }
  const { success, data, error } = schema.safeParse(value)
  if (!success) {
    const message = `${configFile} of "${model}" has another shape than the one known`
    throw new PromptError(message, { hint: hubHint, cause: error })
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

/** `known` is what the configuration says already: only the rest is asked for. */
export const readTokenizerConfig = async (
  model: string,
  known: TokenizerConfig,
  options: HubOptions,
): Promise<TokenizerConfig> => {
  const { chatTemplate, eosToken } = known
  if (chatTemplate !== null && eosToken !== null) return known
  const files = openHubFiles(model, options)
  try {
    const ownFile = chatTemplate === null ? await files.read(templateFile) : chatTemplate
    if (ownFile !== null && eosToken !== null) return { chatTemplate: ownFile, eosToken }
    const text = await files.read(configFile)
    const config = text === null ? null : parse(text, model)
    return {
      chatTemplate: ownFile ?? config?.chatTemplate ?? null,
      eosToken: eosToken ?? config?.eosToken ?? null,
    }
  } finally {
    await files.close()
  }
}
