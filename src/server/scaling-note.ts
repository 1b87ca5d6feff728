/** What the autoscaler makes of a run, told to whoever looks from another process. */
export interface ScalingNote {
  readonly atMs: number
  /** Requests a second, over the last minute. */
  readonly rps: number
  /** Requests a second that one replica should serve. */
  readonly target: number
  readonly inFlight: number
  /** Requests that wait for a replica. */
  readonly held: number
  readonly active: number
  readonly wanted: number
  readonly why: string
  /** When a change that is due waits for its delay: until then. */
  readonly waitsUntilMs: number | null
}

export const printScalingNote = (note: ScalingNote): string => JSON.stringify(note)

const isNote = (value: unknown): value is ScalingNote =>
  typeof value === 'object' && value !== null && 'rps' in value && 'why' in value

/** Null for what another version has written. */
export const readScalingNote = (text: string): ScalingNote | null => {
  const value: unknown = JSON.parse(text)
  return isNote(value) ? value : null
}
