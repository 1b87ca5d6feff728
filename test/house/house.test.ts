/** Rules of the house that no other tool checks. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const rooms = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

const sources = filesUnder('src').filter((file) => file.endsWith('.ts'))

describe('rooms', () => {
  test.each(rooms)('%s says what lives there, in 20 lines at most', (room) => {
    const readme = join('src', room, 'README.md')
    expect(existsSync(readme), readme).toBe(true)
    expect(readFileSync(readme, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(20)
  })

  test('the map names every room', () => {
    const map = readFileSync('src/README.md', 'utf8')
    expect(rooms.filter((room) => !map.includes(`\`${room}\``))).toEqual([])
  })
})

describe('names', () => {
  test('no file is a drawer', () => {
    const drawer = /(^|\/)(utils?|helpers?|common|misc|types|index)\.ts$/
    expect(sources.filter((file) => drawer.test(file))).toEqual([])
  })

  test('file names are in kebab case', () => {
    const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/
    expect(sources.filter((file) => !name.test(file.split('/').at(-1) ?? ''))).toEqual([])
  })

  test('what is exported uses the words of the field', () => {
    const foreign = /provider|offering|preemptible|flavou?r|inventory|datacent(er|re)/i
    const exported = /^export (?:const|class|type|interface|function) (\w+)/gm
    const found = sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(exported)]
        .map(([, name = '']) => `${file}: ${name}`)
        .filter((line) => foreign.test(line.split(': ')[1] ?? '')),
    )
    expect(found).toEqual([])
  })
})

describe('the top level', () => {
  test('holds what it should, and nothing else', () => {
    const allowed = new Set(
      (
        'package.json package-lock.json tsconfig.json README.md LICENSE CHANGELOG.md ' +
        'src catalogs scripts test examples dist node_modules'
      ).split(' '),
    )
    const found = readdirSync('.').filter((name) => !name.startsWith('.') && !allowed.has(name))
    expect(found).toEqual([])
  })
})
