/** A folder that an HTTP server serves. Asks for the manifest only where it changed. */
import {
  type AnswerStash,
  defaultBackoff,
  defaultHttpLimits,
  type HttpClient,
  type HttpOptions,
  newHttpClient,
  type StashedAnswer,
} from '#platform/http'
import type { HttpClock } from '#platform/http-time'
import type { HostLimit } from '#platform/http-turns'
import { manifestName, mostManifestBytes, snapshotName } from './published-files.ts'
import type { PublishedSource } from './source.ts'

export interface HttpSourceOptions {
  readonly clock: HttpClock
  /** Where a manifest is kept that has been believed. */
  readonly stash: AnswerStash
  readonly http?: Partial<Pick<HttpOptions, 'limits' | 'backoff' | 'random'>>
}

const limit: HostLimit = { atOnce: 4, intervalMs: 0 }

/** The query stays: a store in a cloud may want its token with every file. */
const fileUrl = (folder: URL, name: string): URL => {
  const url = new URL(folder)
  url.pathname = `${folder.pathname.replace(/\/$/, '')}/${name}`
  return url
}

/** Keeps an answer only once it is believed: a false one must not be what a 304 stands for. */
const believedStash = (stash: AnswerStash): AnswerStash & { believe(): void } => {
  let waiting: { readonly url: string; readonly answer: StashedAnswer } | null = null
  return {
    get: (url) => stash.get(url),
    put: (url, answer) => {
      waiting = { url, answer }
    },
    believe: () => {
      if (waiting) stash.put(waiting.url, waiting.answer)
      waiting = null
    },
  }
}

export const httpSource = (folder: URL, options: HttpSourceOptions): PublishedSource => {
  const clients: HttpClient[] = []
  const clientFor = (bodyBytes: number, stash: AnswerStash | null): HttpClient => {
    const { limits = defaultHttpLimits, ...http } = options.http ?? {}
    const client = newHttpClient({
      clock: options.clock,
      backoff: defaultBackoff,
      random: Math.random,
      ...http,
      limits: { ...limits, bodyBytes },
      stash,
    })
    clients.push(client)
    return client
  }
  const read = async (client: HttpClient, name: string, signal: AbortSignal): Promise<string> =>
    (await client.send({ url: fileUrl(folder, name), limit, signal })).text
  return {
    manifest: async (signal) => {
      const stash = believedStash(options.stash)
      const sealed = await read(clientFor(mostManifestBytes, stash), manifestName, signal)
      return { sealed, believe: () => stash.believe() }
    },
    snapshots: (mostBytes) => {
      const client = clientFor(mostBytes, null)
      return (sha256, signal) => read(client, snapshotName(sha256), signal)
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}
