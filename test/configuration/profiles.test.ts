import { describe, expect, test } from 'vitest'
import { chooseProfile, loadProfile, readProfiles } from '#configuration/profiles'
import { ConfigurationError, ProfileError, UnreadableError } from '#domain/errors'
import { caught } from './caught.ts'

const read = (text: string) => readProfiles(text, { file: 'profiles.yml' })

const mine = 'profiles:\n  - name: cheap\n    max_price: 1\n  - {name: eu, regions: [eu]}\n'
const home = 'profiles:\n  - {name: cheap, max_price: 2}\n  - {name: us, default: true}\n'

describe('readProfiles', () => {
  test('tells all that is wrong', () => {
    const text =
      'profiles:\n  - {name: a, resources: {}, retry: true}\n  - spot_policy: x\nfoo: 1\n'
    const { problems } = caught(ConfigurationError, () => read(text))
    expect(problems.map(({ path }) => path.join('.'))).toEqual([
      'profiles.0.resources',
      'profiles.0.retry',
      'profiles.1.name',
      'profiles.1.spot_policy',
      'foo',
    ])
    expect(problems[1]?.hint).toContain('retry_policy')
  })
})

describe('chooseProfile', () => {
  test('takes the first file that has the name, or a default', () => {
    expect(chooseProfile([read(mine), read(home)], 'cheap')?.maxPriceNanoUsd).toBe(1e9)
    expect(chooseProfile([read(mine), read(home)], null)?.name).toBe('us')
    expect(chooseProfile([read(mine)], null)).toBeNull()
  })

  test('knows what a wrong name was meant to be', () => {
    const near = caught(ProfileError, () => chooseProfile([read(mine)], 'chaep'))
    expect(near.hint).toBe('did you mean "cheap"?')
    expect(caught(ProfileError, () => chooseProfile([], 'a')).hint).toContain('no profiles')
  })
})

describe('loadProfile', () => {
  const texts: Readonly<Record<string, string>> = {
    '/repo/.dstack/profiles.yaml': mine,
    '/me/.dstack/profiles.yml': home,
  }
  const opened: string[] = []
  const places = (environment: Record<string, string> = {}) => ({
    files: {
      readText: (path: string) => {
        opened.push(path)
        const text = texts[path]
        if (text === undefined) throw new UnreadableError(path)
        return text
      },
      exists: (path: string) => path in texts,
      isDirectory: () => false,
    },
    environment,
    directory: '/repo',
    home: '/me',
  })

  test('looks into the working tree first and no further than it must', () => {
    expect(loadProfile('cheap', places())?.maxPriceNanoUsd).toBe(1e9)
    expect(opened).toEqual(['/repo/.dstack/profiles.yaml'])
    expect(loadProfile('us', places())?.default).toBe(true)
  })

  test('takes its name from the flag, the environment, or none', () => {
    const environment = { DSTACK_PROFILE: 'eu' }
    expect(loadProfile('cheap', places(environment))?.name).toBe('cheap')
    expect(loadProfile(null, places(environment))?.name).toBe('eu')
    expect(loadProfile(null, places({ DSTACK_PROFILE: '' }))?.name).toBe('us')
    expect(loadProfile(null, { ...places(), home: null })).toBeNull()
  })
})
