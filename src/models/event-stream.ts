/** Server-sent events out of bytes, however they are cut. Only what `data` says is of interest. */

export interface EventReader {
  /** The data of each event that these bytes complete. */
  read(bytes: Uint8Array): string[]
}

/** Longer than any event that a model's server sends. */
const maxEventChars = 8 * 1024 * 1024

export const newEventReader = (): EventReader => {
  const decoder = new TextDecoder()
  let line = ''
  let data: string[] = []
  let size = 0
  let afterCr = false

  const takeLine = (text: string): string | null => {
    if (text === '') {
      const event = data.length === 0 ? null : data.join('\n')
      data = []
      size = 0
      return event
    }
    const colon = text.indexOf(':')
    const field = colon === -1 ? text : text.slice(0, colon)
    if (field !== 'data') return null
    const value = colon === -1 ? '' : text.slice(colon + 1)
    data.push(value.startsWith(' ') ? value.slice(1) : value)
    size += value.length
    return null
  }

  return {
    read: (bytes) => {
      let text = decoder.decode(bytes, { stream: true })
      if (text === '') return []
      // A line that ended with CR may have its LF in the next piece.
      if (afterCr && text.startsWith('\n')) text = text.slice(1)
      afterCr = bytes.length > 0 && text.endsWith('\r')
      const events: string[] = []
      const lines = text.split(/\r\n|\r|\n/)
      lines[0] = line + (lines[0] ?? '')
      line = lines.pop() ?? ''
      for (const one of lines) {
        const event = takeLine(one)
        if (event !== null) events.push(event)
      }
      if (line.length + size > maxEventChars) throw new Error('an event without an end')
      return events
    },
  }
}

export const eventOf = (data: string): string => `data: ${data}\n\n`
