/** Columns a text takes in a terminal: wide signs (CJK, emoji) take two, combining marks none. */

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u
const unseen = /[\p{Mn}\p{Me}\p{Cf}]/u

const widthOfSign = (sign: string): number => (wide.test(sign) ? 2 : unseen.test(sign) ? 0 : 1)

export const textWidth = (text: string): number => {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length
  let width = 0
  for (const sign of text) width += widthOfSign(sign)
  return width
}

/** Cut to a width, the cut marked by `…`. */
export const cutText = (text: string, width: number): string => {
  if (textWidth(text) <= width) return text
  let kept = ''
  let used = 1
  for (const sign of text) {
    used += widthOfSign(sign)
    if (used > width) break
    kept += sign
  }
  return `${kept}…`
}

/** The text from a column on; half of a wide sign is a blank. */
export const dropStart = (text: string, columns: number): string => {
  let dropped = 0
  let from = 0
  for (const sign of text) {
    if (dropped >= columns) break
    dropped += widthOfSign(sign)
    from += sign.length
  }
  return ' '.repeat(Math.max(0, dropped - columns)) + text.slice(from)
}

export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - textWidth(text)))

export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - textWidth(text))) + text

/**
 * Text of foreign origin, safe for a terminal: control characters (escape sequences among them) and
 * marks that turn the direction of writing become a visible sign of one column.
 */
export const visible = (text: string): string =>
  text
    .replaceAll('\t', ' ')
    .replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '�')

/** Parts joined by ` · `, broken between parts where a line would pass the width. */
export const flowParts = (
  parts: readonly string[],
  options: { indent: number; width: number | null },
): string => {
  const lines: string[] = []
  let line = ''
  for (const part of parts) {
    const longer = line === '' ? part : `${line} · ${part}`
    if (
      line !== '' &&
      options.width !== null &&
      options.indent + textWidth(longer) > options.width
    ) {
      lines.push(line)
      line = part
    } else {
      line = longer
    }
  }
  return [...lines, line].join(`\n${' '.repeat(options.indent)}`)
}

/** A sentence over as many lines as it takes, broken at blanks. */
export const wrapText = (
  text: string,
  { indent, width }: { indent: number; width: number | null },
): string => {
  if (width === null) return text
  const room = Math.max(20, width - indent)
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || textWidth(line) + 1 + textWidth(word) > room) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines.join(`\n${' '.repeat(indent)}`)
}
