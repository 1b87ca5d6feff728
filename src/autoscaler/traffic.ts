/** How many requests each run got lately: frames of a second, kept for five minutes. */

const frameCount = 300

/** How far a caller's time may lie behind another's without the clock having been set back. */
const jitterSeconds = 2

export interface Traffic {
  /** One request more. */
  count(runId: string, nowMs: number): void
  /** Requests of the last so many seconds, the present one among them; 300 at most. */
  requestsIn(runId: string, windowSeconds: number, nowMs: number): number
}

interface Frames {
  /** A ring; the newest frame is at `newest`. */
  readonly counts: Uint32Array
  newest: number
  /** The second that the newest frame stands for. */
  second: number
}

const emptyFrames = (second: number): Frames => ({
  counts: new Uint32Array(frameCount),
  newest: 0,
  second,
})

/**
 * Makes the frame of a second the newest. A clock that was set back keeps every frame at its age: what
 * was counted neither stays for longer nor is lost. One that was set forward ages them all.
 */
const advance = (frames: Frames, second: number): void => {
  const passed = second - frames.second
  if (passed === 0) return
  if (passed < 0) {
    if (passed < -jitterSeconds) frames.second = second
    return
  }
  if (passed >= frameCount) frames.counts.fill(0)
  else {
    for (let step = 1; step <= passed; step += 1) {
      frames.counts[(frames.newest + step) % frameCount] = 0
    }
  }
  frames.newest = (frames.newest + passed) % frameCount
  frames.second = second
}

const sumOf = ({ counts, newest }: Frames, seconds: number): number => {
  let sum = 0
  for (let age = 0, at = newest; age < seconds; age += 1) {
    sum += counts[at] ?? 0
    at = at === 0 ? frameCount - 1 : at - 1
  }
  return sum
}

/** Memory is fixed per run; a run without a request for longer than the ring is forgotten. */
export const newTraffic = (): Traffic => {
  const runs = new Map<string, Frames>()

  const forgetIdle = (second: number): void => {
    for (const [runId, frames] of runs) {
      if (second - frames.second >= frameCount) runs.delete(runId)
    }
  }

  return {
    count: (runId, nowMs) => {
      const second = Math.floor(nowMs / 1000)
      let frames = runs.get(runId)
      if (frames === undefined) {
        forgetIdle(second)
        frames = emptyFrames(second)
        runs.set(runId, frames)
      }
      advance(frames, second)
      frames.counts[frames.newest] = (frames.counts[frames.newest] ?? 0) + 1
    },
    requestsIn: (runId, windowSeconds, nowMs) => {
      const frames = runs.get(runId)
      if (frames === undefined) return 0
      advance(frames, Math.floor(nowMs / 1000))
      return sumOf(frames, Math.min(Math.max(Math.ceil(windowSeconds), 0), frameCount))
    },
  }
}
