import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { repositoryOf } from '#workload/repository'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repository-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

const writeConfig = (text: string) => {
  mkdirSync(join(folder, '.git'), { recursive: true })
  writeFileSync(join(folder, '.git', 'config'), text)
}

test('a directory of no repository is its own', () => {
  expect(repositoryOf(folder)).toEqual({ remoteUrl: null, id: digest(folder) })
})

test('the remote names it, from a folder below too', () => {
  const url = 'https://example.com/a/b.git'
  writeConfig(
    `[core]\n\tbare = false\n[remote "up"]\n\turl = x\n[remote "origin"]\n\turl = ${url}\n[branch "m"]\n`,
  )
  mkdirSync(join(folder, 'below'))
  expect(repositoryOf(join(folder, 'below'))).toEqual({ remoteUrl: url, id: digest(url) })
})

test('credentials in the remote do not make it another', () => {
  writeConfig('[remote "origin"]\n\turl = https://me:pass@example.com/a.git\n')
  expect(repositoryOf(folder).id).toBe(digest('https://example.com/a.git'))
})

test('a worktree has the remote of its repository', () => {
  writeConfig('[remote "origin"]\n\turl = git@example.com:a.git\n')
  const tree = join(folder, 'tree')
  const at = join(folder, '.git', 'worktrees', 'tree')
  mkdirSync(tree)
  mkdirSync(at, { recursive: true })
  writeFileSync(join(tree, '.git'), `gitdir: ${at}\n`)
  writeFileSync(join(at, 'commondir'), '../..\n')
  expect(repositoryOf(tree).id).toBe(digest('git@example.com:a.git'))
})
