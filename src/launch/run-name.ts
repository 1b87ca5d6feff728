/** A name for a run that was given none: two words and a number, easy to say and to type. */
const qualities =
  'brave calm clever eager fair gentle happy keen kind lively lucky mild neat proud quick quiet sharp swift warm wise'
const animals =
  'badger beaver crane deer falcon finch fox gecko heron lynx marten newt otter owl panda robin seal swan tiger wren'

const pick = (words: string, random: () => number): string => {
  const all = words.split(' ')
  return all[Math.floor(random() * all.length)] ?? words
}

/** `swift-otter-7`; another one while the name is taken. */
export const newRunName = (random: () => number, isTaken: (name: string) => boolean): string => {
  for (;;) {
    const number = 1 + Math.floor(random() * 99)
    const name = `${pick(qualities, random)}-${pick(animals, random)}-${number}`
    if (!isTaken(name)) return name
  }
}
