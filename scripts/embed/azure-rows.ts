import { ImportRejectedError } from '#domain/errors'

type Row = readonly [string, string, string, string, string, string]

/**
 * The rows of a CSV text without quotes, whose first column is named `first`. Six cells a row; those
 * a file does not have are empty.
 */
export const readRows = (text: string, first: string): readonly Row[] => {
  const [header = '', ...lines] = text.split(/\r?\n/)
  if (header.split(',')[0] !== first)
    throw new ImportRejectedError(`expected a CSV file that begins with "${first}"`, {
      hint: 'Give the directory of the public documents with --from.',
    })
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [a = '', b = '', c = '', d = '', e = '', f = ''] = line.split(',')
      return [a, b, c, d, e, f]
    })
}
