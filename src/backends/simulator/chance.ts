/** Chance that is the same for the same words: what it decides need not be remembered. */
const mix = (state: number): number => {
  let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** In [0, 1). */
export const chanceOf = (...words: readonly (string | number)[]): number => {
  let hash = 0x811c9dc5
  for (const letter of words.join('\n')) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  }
  return mix(hash >>> 0) / 2 ** 32
}
