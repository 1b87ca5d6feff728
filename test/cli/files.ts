import { UnreadableError } from '#domain/errors'
import type { Files } from '#platform/files'

const plainPath = (path: string): string =>
  path
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .join('/')

/** Files in memory, by their path from the working directory. */
export const filesOf = (texts: Readonly<Record<string, string>>, stdin?: string): Files => {
  const paths = new Map(Object.entries(texts).map(([path, text]) => [plainPath(path), text]))
  const isDirectory = (path: string): boolean => {
    const plain = plainPath(path)
    return plain === '' || [...paths.keys()].some((one) => one.startsWith(`${plain}/`))
  }
  return {
    isDirectory,
    exists: (path) => paths.has(plainPath(path)) || isDirectory(path),
    readText: (path) => {
      const text = path === '-' ? stdin : paths.get(plainPath(path))
      if (text === undefined) throw new UnreadableError(`cannot read "${path}": no such file`)
      return text
    },
  }
}
