import { readFileSync } from 'node:fs'

/** `-- path --` starts a file; what stands before the first is a comment. */
const readArchive = (text: string): Record<string, string> => {
  const [, ...parts] = text.split(/^-- (.+) --\n/m)
  const files: Record<string, string> = {}
  for (let index = 0; index < parts.length; index += 2) {
    files[parts[index] ?? ''] = parts[index + 1] ?? ''
  }
  return files
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

/** The files that the transcripts run over, by path. */
export const project: Readonly<Record<string, string>> = {
  ...readArchive(read('project.txtar')),
  'serve.dstack.yml': read('../../examples/serve.dstack.yml'),
  'traffic.csv': read('../../examples/traffic.csv'),
}
