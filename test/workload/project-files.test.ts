import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { extract } from 'tar-stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ArgumentError } from '#domain/errors'
import { packProject } from '#platform/project-archive'
import { listProjectFiles } from '#platform/project-files'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'project-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (path: string, content = path) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

const paths = () => listProjectFiles(folder).map(({ path }) => path)

test('what git and dstack ignore stays here', () => {
  write('.gitignore', '*.log\n/data/\n')
  write('.dstackignore', '!keep.log\nnode_modules\n')
  for (const path of ['a.py', 'x.log', 'keep.log', 'data/big', 'b/data/c', '.git/config'])
    write(path)
  write('b/node_modules/m')
  write('b/.gitignore', 'd\n!x.log\n')
  write('b/d')
  write('b/x.log')
  expect(paths()).toEqual([
    '.dstackignore',
    '.gitignore',
    'a.py',
    'b',
    'b/.gitignore',
    'b/data',
    'b/data/c',
    'b/x.log',
    'keep.log',
  ])
})

test('more than 200 MiB are refused, with the largest by name', () => {
  write('small')
  write('weights.bin')
  truncateSync(join(folder, 'weights.bin'), 200 * 1024 * 1024 + 1)
  expect(() => listProjectFiles(folder)).toThrow(ArgumentError)
  expect(() => listProjectFiles(folder)).toThrow(/more than 200 MiB/)
  write('.dstackignore', '*.bin')
  expect(paths()).toEqual(['.dstackignore', 'small'])
})

test('a tar holds them with modes and links', async () => {
  write('run.sh', 'echo hi')
  chmodSync(join(folder, 'run.sh'), 0o755)
  write('empty', '')
  write('deep/er/file', 'x'.repeat(300_000))
  symlinkSync('run.sh', join(folder, 'link'))
  const seen: Record<string, unknown> = {}
  const entries = packProject(folder, listProjectFiles(folder), 'w/').pipe(extract())
  for await (const entry of entries) {
    const { name, type, mode, linkname } = entry.header
    const content = await text(entry)
    seen[name] = linkname ?? (type === 'file' ? `${(mode & 0o111) !== 0} ${content.length}` : type)
  }
  expect(seen).toEqual({
    'w/': 'directory',
    'w/deep/': 'directory',
    'w/deep/er/': 'directory',
    'w/deep/er/file': 'false 300000',
    'w/empty': 'false 0',
    'w/link': 'run.sh',
    'w/run.sh': 'true 7',
  })
})

test('a file that is gone breaks the stream', async () => {
  write('a')
  const files = listProjectFiles(folder)
  rmSync(join(folder, 'a'))
  await expect(text(packProject(folder, files))).rejects.toThrow('ENOENT')
})
