/** Ids that sort by time: 10 signs of milliseconds, 16 of chance, in Crockford's base 32, lower case. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

const encodeTime = (nowMs: number): string => {
  let rest = nowMs
  let text = ''
  for (let at = 0; at < 10; at++) {
    text = `${alphabet[rest % 32] ?? ''}${text}`
    rest = Math.floor(rest / 32)
  }
  return text
}

const chance = (length: number, random: () => number): string =>
  Array.from({ length }, () => alphabet[Math.floor(random() * 32)] ?? '0').join('')

export const newId = (nowMs: number, random: () => number): string =>
  `${encodeTime(nowMs)}${chance(16, random)}`

/** Of a state file: see `OwnerTags`. */
export const newOwner = (random: () => number): string => chance(8, random)
