/**
 * What a pod's container writes: a stream of events, which begins with the last lines and never ends
 * by itself. A broken stream is taken up where it was left, by the id of the last event.
 */
import { NoAnswer, WentSilent } from '#platform/http-once'
import type { CloudIo } from '#backends/kit/cloud-io'
import type { LogRequest } from '#backends/kit/provisioner'
import { isNotFound } from '#backends/kit/refusals'
import { type ServerEvent, serverEvents } from '#backends/kit/server-events'
import { openLogs, readPod } from './api.ts'
import { logLineIn } from './schema.ts'

/** Nothing marks the end of what was written before: so long a silence is taken for it. */
const endMs = 5000

/** A connection that is silent for so long may be dead: it is made anew. */
const deadMs = 120_000

const betweenStreamsMs = 1000
const mostFailures = 5

/** Where a stream was left: the id of its last event, and the lines that came with it. */
interface Place {
  readonly id: string | null
  readonly lines: readonly string[]
}

const start: Place = { id: null, lines: [] }

const moved = (place: Place, id: string | null, line: string): Place =>
  id === null ? place : { id, lines: id === place.id ? [...place.lines, line] : [line] }

/** Taken up again, a stream may begin with what it told last: how many of its lines. */
const newRepeats = ({ id, lines }: Place) => {
  let told = 0
  return (event: ServerEvent, line: string): boolean => {
    const isRepeated = id !== null && event.id === id && lines[told] === line
    told = isRepeated ? told + 1 : lines.length
    return isRepeated
  }
}

interface Told {
  readonly place: Place
  readonly text: string
}

async function* told(
  pieces: AsyncIterable<Uint8Array>,
  from: Place,
  isLast: boolean,
): AsyncGenerator<Told> {
  const isRepeated = newRepeats(from)
  let place = from
  for await (const event of serverEvents(pieces)) {
    // Nothing to tell: all that was written before has come.
    if (event.data === null && isLast) return
    const line = event.data === null ? null : logLineIn(event.data)
    if (line === null || isRepeated(event, line)) continue
    place = moved(place, event.id, line)
    yield { place, text: `${line}\n` }
  }
}

/** Whether more can come: a container that ends is started again, as long as its pod is there. */
const goesOn = async (io: CloudIo, id: string): Promise<boolean> => {
  const pod = await readPod(io, id)
  return pod !== null && !['EXITED', 'ERROR', 'TERMINATED'].includes(pod.status)
}

/** All that there is from a place on; where it is the last stream, until it falls silent. */
async function* streamed(
  io: CloudIo,
  id: string,
  from: Place,
  isLast: boolean,
): AsyncGenerator<Told> {
  const pieces = await openLogs(io, id, { from: from.id, silenceMs: isLast ? endMs : deadMs })
  try {
    yield* told(pieces, from, isLast)
  } catch (error) {
    // A broken connection ends a stream that is taken up again, and spoils one that is not.
    if (!(error instanceof (isLast ? WentSilent : NoAnswer))) throw error
  }
}

export async function* logsOf(
  io: CloudIo,
  id: string,
  { follow, signal }: LogRequest,
): AsyncGenerator<string> {
  let place = start
  let failures = 0
  for (;;) {
    try {
      // Asked before the stream: what ends meanwhile has written all that the stream begins with.
      const isLast = !follow || !(await goesOn(io, id))
      for await (const next of streamed(io, id, place, isLast)) {
        place = next.place
        yield next.text
      }
      failures = 0
      if (isLast) return
    } catch (error) {
      if (signal.aborted || isNotFound(error)) return
      failures += 1
      if (!follow || !(error instanceof NoAnswer) || failures === mostFailures) throw error
    }
    await io.sleep(betweenStreamsMs)
  }
}
