import { refusal } from './scalar.ts'

const word = /\s*((?:[^\s'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+)/y

const unquote = (text: string): string =>
  text.replace(
    /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"/g,
    (_, escaped?: string, single?: string, double?: string) =>
      escaped ?? single ?? (double ?? '').replace(/\\(["\\])/g, '$1'),
  )

/** Splits a text as a POSIX shell does into words, without expanding anything. */
export const splitShellWords = (text: string): readonly string[] => {
  const words: string[] = []
  word.lastIndex = 0
  let end = 0
  for (let match = word.exec(text); match; match = word.exec(text)) {
    words.push(unquote(match[1] ?? ''))
    end = word.lastIndex
  }
  if (text.slice(end).trim() === '') return words
  throw refusal(`"${text}" has an open quote or ends in a backslash`)
}
