/** A chat request in the words of text-generation-inference: POST /generate, /generate_stream. */
import type { Json } from '#domain/json'
import type { ChatRequest } from './chat-request.ts'
import type { Prompt } from './prompts.ts'
import { unsupported } from './refusal.ts'

export const stopsOf = ({ stop }: ChatRequest, eosToken: string): string[] => {
  const asked = typeof stop === 'string' ? [stop] : (stop ?? [])
  return [...new Set([...asked, eosToken])].filter((one) => one !== '')
}

const promptOf = (request: ChatRequest, { template, eosToken }: Prompt): string => {
  const tools = request.tool_choice === 'none' ? [] : (request.tools ?? [])
  if (tools.length > 0 && !template.takesTools) {
    throw unsupported('tools', "This model's chat template has no place for tools.")
  }
  return template.render({
    messages: request.messages,
    add_generation_prompt: true,
    // The server puts the beginning token in front of every prompt by itself.
    bos_token: '',
    eos_token: eosToken,
    ...(tools.length > 0 ? { tools } : {}),
  })
}

/** The server knows no temperature of 0: to sample nothing is what a client means by it. */
const samplingOf = ({ temperature }: ChatRequest): Record<string, Json> =>
  temperature === 0 ? { do_sample: false } : { do_sample: true, temperature: temperature ?? 1 }

export const generateRequest = (request: ChatRequest, prompt: Prompt): Json => {
  const topP = request.top_p ?? 1
  return {
    inputs: promptOf(request, prompt),
    parameters: {
      ...samplingOf(request),
      // Null is as many as there is room for; where it is absent, old servers stop after 20.
      max_new_tokens: request.max_tokens ?? request.max_completion_tokens ?? null,
      stop: stopsOf(request, prompt.eosToken),
      seed: request.seed ?? null,
      best_of: request.n ?? 1,
      details: true,
      decoder_input_details: request.stream !== true,
      ...(topP < 1 ? { top_p: topP } : {}),
    },
  }
}
