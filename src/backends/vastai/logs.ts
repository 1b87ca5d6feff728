/** What a contract's container writes: asked for by piece, and put where it can be fetched. */
import { type CloudAnswer, type CloudIo, CloudRefusal } from '#backends/kit/cloud-io'
import type { LogRequest } from '#backends/kit/provisioner'
import { jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import { ask, readInstance } from './api.ts'
import { logsAnswer } from './schema.ts'

/** As many lines as are kept in sight. */
const tail = '1000'

const fetches = 30
const betweenFetchesMs = 1000
const betweenPiecesMs = 5000

/** Where pieces are put; no other address is asked. */
const origin = 'https://s3.amazonaws.com'

const pathOf = (address: string): string => {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.origin === origin) return `${url.pathname}${url.search}`
  throw new Error('Vast.ai gives logs at an address that is not known')
}

/** It is put there a moment after it was asked for. */
const isNotThereYet = (error: unknown): boolean =>
  error instanceof CloudRefusal && (error.answer.status === 403 || error.answer.status === 404)

const fetched = async (io: CloudIo, path: string): Promise<string> => {
  for (let tried = 1; ; tried++) {
    try {
      return (await io.call({ method: 'GET', host: 'logs', path })).text
    } catch (error) {
      if (!isNotThereYet(error) || tried === fetches) throw error
      await io.sleep(betweenFetchesMs)
    }
  }
}

const piece = async (io: CloudIo, id: string): Promise<readonly string[]> => {
  const path = `/api/v0/instances/request_logs/${encodeURIComponent(id)}`
  const answer: CloudAnswer = await ask(io, { method: 'PUT', path, json: { tail } })
  const { result_url: address } = readWire(logsAnswer, jsonOf(answer), 'vastai logs')
  const lines = (await fetched(io, pathOf(address))).split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

const startsWith = (lines: readonly string[], start: readonly string[]): boolean =>
  start.length <= lines.length && start.every((line, at) => line === lines[at])

/** What has come since: the last piece ends with how this one begins, if nothing was missed. */
export const newLines = (before: readonly string[], now: readonly string[]): readonly string[] => {
  for (let from = 0; from < before.length; from++) {
    const shared = before.slice(from)
    if (startsWith(now, shared)) return now.slice(shared.length)
  }
  return now
}

const goesOn = async (io: CloudIo, id: string): Promise<boolean> => {
  const status = (await readInstance(io, id))?.actual_status
  return status !== undefined && status !== 'exited' && status !== 'stopped'
}

/** Followed piece by piece: what is written faster than a piece holds is missed in between. */
export async function* logsOf(
  io: CloudIo,
  id: string,
  { follow, signal }: LogRequest,
): AsyncGenerator<string> {
  let before: readonly string[] = []
  while (!signal.aborted) {
    // Asked before the piece: what ends meanwhile has written all that the piece holds.
    const isLast = !follow || !(await goesOn(io, id))
    const now = await piece(io, id)
    for (const line of newLines(before, now)) yield `${line}\n`
    if (isLast) return
    before = now
    await io.sleep(betweenPiecesMs)
  }
}
