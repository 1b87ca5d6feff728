/** Cuts the stop sequence off the end of a text, also where the text comes in pieces. */

export const cutStop = (text: string, stops: readonly string[]): string => {
  const stop = stops.find((one) => one !== '' && text.endsWith(one))
  return stop === undefined ? text : text.slice(0, -stop.length)
}

export interface StopCutter {
  /** What surely stays; the rest may be the beginning of a stop sequence. */
  push(text: string): string
  end(): string
}

export const newStopCutter = (stops: readonly string[]): StopCutter => {
  const longest = Math.max(0, ...stops.map((stop) => stop.length))
  let held = ''
  const keptLength = (): number => {
    for (let length = Math.min(longest, held.length); length > 0; length--) {
      const tail = held.slice(-length)
      if (stops.some((stop) => stop.startsWith(tail))) return length
    }
    return 0
  }
  return {
    push: (text) => {
      held += text
      const out = held.slice(0, held.length - keptLength())
      held = held.slice(out.length)
      return out
    },
    end: () => {
      const out = cutStop(held, stops)
      held = ''
      return out
    },
  }
}
