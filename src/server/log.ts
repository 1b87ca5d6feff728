/** What the server does, as JSON lines. */
import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

export const newLog = (write: (line: string) => void, level: string): Log => {
  const destination: DestinationStream = { write }
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}
