/**
 * A chat template: Jinja with blocks trimmed, as the makers of models write it. A template sees the
 * values it is given and nothing else, and ends in time or is ended.
 */
import { KnownError } from '#domain/errors'
import { PromptError } from './prompt-error.ts'
import {
  templateLimits,
  type TemplateProcess,
  type TemplateReply,
  type TemplateValues,
} from './template-process.ts'

/** The template says no to these messages, mostly by `raise_exception`. */
export class TemplateRefusal extends KnownError {
  readonly code = 'model-refused'
  readonly recovery = 'fix-input'
}

export interface ChatTemplate {
  readonly text: string
  /** Whether it has a place for tools. */
  readonly takesTools: boolean
  render(values: TemplateValues, signal?: AbortSignal): Promise<string>
}

const maxTemplateChars = 256 * 1024

const promptIn = (reply: TemplateReply): string => {
  const { longestMs, memoryMib, promptChars } = templateLimits
  if ('prompt' in reply) return reply.prompt
  if ('refused' in reply) {
    throw new TemplateRefusal(`The chat template refuses the messages: ${reply.refused}`)
  }
  if ('unreadable' in reply) {
    throw new PromptError(`the chat template is no Jinja template: ${reply.unreadable}`)
  }
  if ('tooSlow' in reply) throw new PromptError(`the chat template ran longer than ${longestMs} ms`)
  if ('tooLong' in reply) {
    throw new PromptError(`the chat template wrote more than ${promptChars} characters`)
  }
  throw new PromptError(`the chat template needs more memory than ${memoryMib} MiB`)
}

/** Throws a PromptError for a text that is no template. */
export const newChatTemplate = async (
  text: string,
  templates: TemplateProcess,
): Promise<ChatTemplate> => {
  if (text.length > maxTemplateChars) {
    throw new PromptError(`the chat template is longer than ${maxTemplateChars} characters`)
  }
  promptIn(await templates.ask(text, null))
  return {
    text,
    takesTools: /\btools\b/.test(text),
    render: async (values, signal) => promptIn(await templates.ask(text, values, signal)),
  }
}
