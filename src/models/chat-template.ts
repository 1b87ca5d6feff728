/**
 * A chat template: Jinja with blocks trimmed, as the makers of models write it. A template sees the
 * values it is given and nothing else, and ends in time or is ended.
 */
import { createContext, Script } from 'node:vm'
import { Template } from '@huggingface/jinja'
import { KnownError } from '#domain/errors'
import { PromptError } from './prompt-error.ts'

/** The template says no to these messages, mostly by `raise_exception`. */
export class TemplateRefusal extends KnownError {
  readonly code = 'model-refused'
  readonly recovery = 'fix-input'
}

export interface ChatTemplate {
  /** Whether it has a place for tools. */
  readonly takesTools: boolean
  render(values: Readonly<Record<string, unknown>>): string
}

const maxTemplateChars = 256 * 1024
const maxPromptChars = 32 * 1024 * 1024
const longestMs = 250

const slot: { work: () => void } = { work: () => undefined }
const context = createContext(slot)
const script = new Script('work()')

/** A script's timeout ends all that it calls, ours too: the one way to end a loop on this thread. */
const guarded = <T>(work: () => T): T => {
  const results: T[] = []
  slot.work = () => {
    results.push(work())
  }
  script.runInContext(context, { timeout: longestMs })
  const [result] = results
  if (result === undefined) throw new Error('no result')
  return result
}

/** The error is of the script's own realm, where Error is another one. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const parse = (text: string): Template => {
  if (text.length > maxTemplateChars) {
    throw new PromptError(`the chat template is longer than ${maxTemplateChars} characters`)
  }
  try {
    return guarded(() => new Template(text))
  } catch (error) {
    const why = isTimeout(error) ? 'it takes too long to read' : textOf(error)
    throw new PromptError(`the chat template is no Jinja template: ${why}`, { cause: error })
  }
}

export const newChatTemplate = (text: string): ChatTemplate => {
  const template = parse(text)
  return {
    takesTools: /\btools\b/.test(text),
    render: (values) => {
      let prompt: string
      try {
        prompt = guarded(() => template.render({ ...values }))
      } catch (error) {
        if (isTimeout(error)) {
          throw new PromptError(`the chat template ran longer than ${longestMs} ms`)
        }
        throw new TemplateRefusal(`The chat template refuses the messages: ${textOf(error)}`, {
          cause: error,
        })
      }
      if (prompt.length <= maxPromptChars) return prompt
      throw new PromptError(`the chat template wrote more than ${maxPromptChars} characters`)
    },
  }
}
