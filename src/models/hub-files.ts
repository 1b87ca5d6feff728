/** Text files of a model on its hub. */
import type { Environment } from '#platform/environment'
import { defaultHttpLimits } from '#platform/http'
import { type HttpOnce, newHttpOnce, NoAnswer } from '#platform/http-once'
import type { HttpClock } from '#platform/http-time'
import { PromptError } from './prompt-error.ts'

export interface HubOptions {
  /** `HF_ENDPOINT` is another hub than the public one; `HF_TOKEN` opens what is gated. */
  readonly environment: Environment
  readonly clock: HttpClock
}

export interface HubFiles {
  /** Null where the model has no such file. */
  read(file: string): Promise<string | null>
  close(): Promise<void>
}

const publicHub = 'https://huggingface.co'
const maxBytes = 16 * 1024 * 1024
const mostRedirects = 5
const limits = { ...defaultHttpLimits, silenceMs: 10_000, wholeMs: 30_000, bodyBytes: maxBytes }

/** The way out that needs no hub. */
export const hubHint = 'write chat_template and eos_token under model in the configuration'
const tokenHint = `set HF_TOKEN to a token that may read it, or ${hubHint}`

const hubUrl = (environment: Environment): URL => {
  const said = environment['HF_ENDPOINT'] ?? ''
  const hub = said === '' ? publicHub : said
  const url = URL.canParse(hub) ? new URL(hub) : null
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new PromptError(`HF_ENDPOINT is no address of a hub: "${hub}"`)
}

const folderUrl = (environment: Environment, model: string): URL => {
  const parts = model.split('/')
  const isName = parts.length <= 2 && parts.every((part) => /^[\w-][\w.-]*$/.test(part))
  if (!isName) throw new PromptError(`"${model}" is no name of a model on a hub`, { hint: hubHint })
  const url = hubUrl(environment)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${model}/resolve/main/`
  return url
}

const isRedirect = (status: number): boolean => status >= 301 && status <= 308 && status !== 304

/** A model that moved is asked for where it is now, but no other host gets the token. */
const follow = async (http: HttpOnce, first: URL, token: string) => {
  let url = first
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const isHome = url.origin === first.origin
    const answer = await http.exchange(
      {
        method: 'GET',
        url,
        headers: {
          'user-agent': 'dstack-offers',
          ...(token !== '' && isHome ? { authorization: `Bearer ${token}` } : {}),
        },
        body: null,
      },
      { atOnce: 1, intervalMs: 0 },
      AbortSignal.timeout(limits.wholeMs),
    )
    const target = answer.headers['location'] ?? ''
    if (!isRedirect(answer.status) || !URL.canParse(target, url.href)) return answer
    url = new URL(target, url)
  }
  return null
}

export const openHubFiles = (model: string, { environment, clock }: HubOptions): HubFiles => {
  const folder = folderUrl(environment, model)
  const token = environment['HF_TOKEN'] || environment['HUGGING_FACE_HUB_TOKEN'] || ''
  const http = newHttpOnce({ clock, limits })
  const answerTo = async (file: string) => {
    try {
      return await follow(http, new URL(file, folder), token)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      const message = `${file} of "${model}" cannot be read: ${folder.host} gives no answer (${error.message})`
      throw new PromptError(message, { hint: hubHint, cause: error })
    }
  }
  return {
    read: async (file) => {
      const answer = await answerTo(file)
      const status = answer?.status ?? 310
      if (answer && status >= 200 && status < 300) return answer.text
      if (status === 404) return null
      const isGated = status === 401 || status === 403
      const said = answer === null ? 'redirects without an end' : `answered HTTP ${status}`
      const why = isGated ? `${said}: it is not there, or not for everybody` : said
      throw new PromptError(`${file} of "${model}" cannot be read: ${folder.host} ${why}`, {
        hint: isGated ? tokenHint : hubHint,
      })
    },
    close: () => http.close(),
  }
}
