/** What a pod writes. */
import type { CloudIo } from '#backends/kit/cloud-io'
import { CloudRefusal } from '#backends/kit/cloud-io'
import type { LogRequest } from '#backends/kit/provisioner'
import { isNotFound, jsonOf, textAt } from '#backends/kit/refusals'
import { NoAnswer } from '#platform/http-once'
import { openCluster } from './cluster.ts'

const betweenLooksMs = 1000

/** A node has the pod, but no container of it yet. */
const isWaiting = (error: unknown): boolean =>
  error instanceof CloudRefusal &&
  error.answer.status === 400 &&
  / is waiting to start\b/.test(textAt(jsonOf(error.answer), 'message') ?? '')

/** Nothing for a pod that is gone, or has nothing to say yet; who follows it waits for that. */
export async function* logsOf(
  io: CloudIo,
  id: string,
  { follow, signal }: LogRequest,
): AsyncGenerator<string> {
  const cluster = await openCluster({ ...io, signal })
  const path = cluster.at(`pods/${encodeURIComponent(id)}/log`)
  const query: Readonly<Record<string, string>> = follow ? { follow: 'true' } : {}
  for (;;) {
    try {
      const answer = await cluster.stream({ method: 'GET', path, query })
      const isThere = answer.statusCode !== 204
      if (isThere) yield* textOf(answer)
      if (isThere || !follow) return
    } catch (error) {
      if (signal.aborted || isNotFound(error)) return
      if (!isWaiting(error)) throw error
      if (!follow) return
    }
    await io.sleep(betweenLooksMs)
  }
}

/** It may be silent for as long as it likes. */
async function* textOf(
  answer: AsyncIterable<unknown> & {
    setTimeout(ms: number): unknown
    setEncoding(of: 'utf8'): unknown
  },
): AsyncGenerator<string> {
  answer.setTimeout(0)
  answer.setEncoding('utf8')
  try {
    for await (const chunk of answer) yield String(chunk)
  } catch (error) {
    throw new NoAnswer(error instanceof Error ? error.message : 'the log broke off', true)
  }
}
