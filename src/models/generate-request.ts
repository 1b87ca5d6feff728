/** A chat request in the words of text-generation-inference: POST /generate, /generate_stream. */
import type { ChatRequest } from './chat-request.ts'
import type { Prompt } from './prompts.ts'
import { unsupported } from './refusal.ts'

export const stopsOf = ({ stop }: ChatRequest, eosToken: string): string[] => {
  const asked = typeof stop === 'string' ? [stop] : (stop ?? [])
  return [...new Set([...asked, eosToken])].filter((one) => one !== '')
}

const promptOf = async (
  request: ChatRequest,
  { template, eosToken }: Prompt,
  signal: AbortSignal,
): Promise<string> => {
  const tools = request.tool_choice === 'none' ? [] : (request.tools ?? [])
  if (tools.length > 0 && !template.takesTools) {
    throw unsupported('tools', "This model's chat template has no place for tools.")
  }
  const values = {
    messages: request.messages,
    add_generation_prompt: true,
    // The server puts the beginning token in front of every prompt by itself.
    bos_token: '',
    eos_token: eosToken,
    ...(tools.length > 0 ? { tools } : {}),
  }
  return template.render(values, signal)
}

/**
 * The server knows no temperature of 0: to sample nothing is what a client means by it. Each of the
 * others would make the server sample all the same, and none changes which token is the likeliest.
 */
const samplingOf = (request: ChatRequest) => {
  const { temperature, top_p: topP, top_k: topK, typical_p: typical } = request
  if (temperature === 0) return { do_sample: false }
  return {
    do_sample: true,
    temperature: temperature ?? 1,
    ...(topP && topP < 1 ? { top_p: topP } : {}),
    ...(topK ? { top_k: topK } : {}),
    ...(typical ? { typical_p: typical } : {}),
  }
}

/**
 * What goes by the same name there, as it was asked for; how much a penalty weighs is the server's
 * to say. Servers before 1.4.3 know no grammar.
 */
const optionsOf = (request: ChatRequest) => {
  const { top_logprobs: topLogprobs, answerSchema } = request
  const { frequency_penalty: frequency, repetition_penalty: repetition } = request
  return {
    ...(frequency ? { frequency_penalty: frequency } : {}),
    ...(repetition ? { repetition_penalty: repetition } : {}),
    ...(topLogprobs ? { top_n_tokens: topLogprobs } : {}),
    ...(answerSchema ? { grammar: { type: 'json', value: answerSchema } } : {}),
  }
}

/** Rejects where the template makes no prompt of the messages. */
export const generateRequest = async (
  request: ChatRequest,
  prompt: Prompt,
  signal: AbortSignal,
): Promise<object> => ({
  inputs: await promptOf(request, prompt, signal),
  parameters: {
    ...samplingOf(request),
    // Null is as many as there is room for; where it is absent, old servers stop after 20.
    max_new_tokens: request.max_tokens ?? request.max_completion_tokens ?? null,
    stop: stopsOf(request, prompt.eosToken),
    seed: request.seed ?? null,
    best_of: request.n ?? 1,
    details: true,
    decoder_input_details: request.stream !== true,
    ...optionsOf(request),
  },
})
