import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigurationError, UnreadableError } from '#domain/errors'
import type { Environment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import { cacheHome, configurationHome, dataHome } from '#platform/home'
import { loadOverlay, loadOverlayFile, type Overlay } from '#api/overlay'
import { inFolder } from './builders.ts'

const rule = (name: string): string => `rules: [{name: ${name}, discount: 5%}]`

const loading = (
  written: Readonly<Record<string, string>>,
  environment: (folder: string) => Environment = () => ({}),
): Overlay | null =>
  inFolder((folder) => {
    for (const [name, text] of Object.entries(written)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const home = join(folder, 'home')
    return loadOverlay({
      files: systemFiles,
      environment: { HOME: home, ...environment(folder) },
      directory: join(folder, 'tree'),
      home,
    })
  })

const rulesOf = (overlay: Overlay | null): readonly string[] =>
  overlay?.rules.map(({ file, name }) => `${file} ${name}`) ?? []

test('without files there is no overlay', () => {
  expect(loading({})).toBeNull()
})

test("the working tree's file comes before the user's", () => {
  const written = {
    'tree/.dstack/prices.yml': rule('tree'),
    'home/.config/dstack-offers/prices.yml': rule('user'),
  }
  expect(rulesOf(loading(written))).toEqual([
    '.dstack/prices.yml tree',
    '~/.config/dstack-offers/prices.yml user',
  ])
})

test('the longer ending will do, and the shorter is preferred', () => {
  const written = { 'tree/.dstack/prices.yaml': rule('long') }
  expect(rulesOf(loading(written))).toEqual(['.dstack/prices.yaml long'])
  const both = { ...written, 'tree/.dstack/prices.yml': rule('short') }
  expect(rulesOf(loading(both))).toEqual(['.dstack/prices.yml short'])
})

test('variables say where the user keeps settings', () => {
  const written = { 'own/prices.yml': rule('own'), 'xdg/dstack-offers/prices.yml': rule('xdg') }
  const own = loading(written, (folder) => ({ DSTACK_OFFERS_HOME: join(folder, 'own') }))
  expect(rulesOf(own)).toEqual([expect.stringMatching(/\/own\/prices\.yml own$/)])
  const xdg = loading(written, (folder) => ({ XDG_CONFIG_HOME: join(folder, 'xdg') }))
  expect(rulesOf(xdg)).toEqual([expect.stringMatching(/\/xdg\/dstack-offers\/prices\.yml xdg$/)])
})

test('a file that is found twice is read once', () => {
  const written = { 'tree/.dstack/prices.yml': rule('tree') }
  const loaded = loading(written, (folder) => ({
    DSTACK_OFFERS_HOME: join(folder, 'tree', '.dstack'),
  }))
  expect(rulesOf(loaded)).toEqual(['.dstack/prices.yml tree'])
})

test('problems name the file as it is shown', () => {
  const broken = { 'tree/.dstack/prices.yml': '\uFEFFrules: 1' }
  expect(() => loading(broken)).toThrow('.dstack/prices.yml: "1" is no list')
  expect(() => loading(broken)).toThrow(ConfigurationError)
})

test('a file by its name alone', () => {
  inFolder((folder) => {
    const path = join(folder, 'mine.yml')
    writeFileSync(path, rule('mine'))
    expect(rulesOf(loadOverlayFile(path, systemFiles))).toEqual([`${path} mine`])
    expect(() => loadOverlayFile(join(folder, 'none.yml'), systemFiles)).toThrow(UnreadableError)
  })
})

describe('the folders of a user', () => {
  const folders = (environment: Environment): readonly string[] => [
    dataHome(environment),
    configurationHome(environment),
    cacheHome(environment),
  ]

  test('follow the XDG specification, which has relative paths ignored', () => {
    const HOME = '/home/me'
    const usual = [
      '/home/me/.local/share/dstack-offers',
      '/home/me/.config/dstack-offers',
      '/home/me/.cache/dstack-offers',
    ]
    expect(folders({ HOME })).toEqual(usual)
    expect(folders({ HOME, XDG_DATA_HOME: 'd', XDG_CONFIG_HOME: 'c', XDG_CACHE_HOME: '' })).toEqual(
      usual,
    )
    expect(
      folders({ HOME, XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: '/c', XDG_CACHE_HOME: '/h' }),
    ).toEqual(['/d/dstack-offers', '/c/dstack-offers', '/h/dstack-offers'])
  })

  test('are one where the program is told so', () => {
    expect(folders({ HOME: '/home/me', XDG_CACHE_HOME: '/h', DSTACK_OFFERS_HOME: '/o' })).toEqual([
      '/o',
      '/o',
      '/o/cache',
    ])
  })
})
