import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../world.ts'
import { isInstalled, programFolder, runShell } from '../process.ts'

const path = programFolder()
const cwd = join(path, 'project')
mkdirSync(cwd)
writeFileSync(join(cwd, 'serve.dstack.yml'), 'type: service\n')

const missing = (shell: string): boolean => {
  const absent = !isInstalled(shell)
  if (absent) console.warn(`skipped: ${shell} is not installed`)
  return absent
}

describe.skipIf(missing('bash'))('bash', () => {
  const complete = (...words: readonly string[]): readonly string[] => {
    const quoted = words.map((word) => `'${word}'`).join(' ')
    const { stdout, stderr } = runShell(
      'bash',
      `source <(dstack-offers completion bash)
       COMP_WORDS=(dstack-offers ${quoted}); COMP_CWORD=${words.length}
       complete -p dstack-offers >&2
       _dstack_offers; printf '%s\\n' "\${COMPREPLY[@]}"`,
      { path, cwd },
    )
    expect(stderr).toContain('complete -F _dstack_offers dstack-offers')
    return stdout.split('\n').filter((line) => line !== '')
  }

  test('commands and files', () => {
    expect(complete('')).toEqual(
      expect.arrayContaining(['check', 'catalog', 'schema', 'completion', 'serve.dstack.yml']),
    )
    expect(complete('serve.')).toEqual(['serve.dstack.yml'])
  })

  test('options and their values', () => {
    expect(complete('serve.dstack.yml', '--spot')).toEqual([
      '--spot',
      '--spot-auto',
      '--spot-policy',
    ])
    expect(complete('--output', 'js')).toEqual(['json', 'jsonl'])
    expect(complete('--output', '=', 'js')).toEqual(['json', 'jsonl'])
    expect(complete('completion', '')).toEqual(['bash', 'zsh', 'fish'])
  })
})

describe.each(['zsh', 'fish'])('%s', (shell) => {
  test.skipIf(missing(shell))('the script is valid and asks the program', () => {
    const load =
      shell === 'zsh'
        ? 'autoload -U compinit; compinit -u; source <(dstack-offers completion zsh); whence -w _dstack_offers'
        : "dstack-offers completion fish | source; complete -C 'dstack-offers completion '"
    const { status, stdout } = runShell(shell, load, { path, cwd })
    expect(status).toBe(0)
    expect(stdout).toMatch(shell === 'zsh' ? /function/ : /bash/)
  })

  test('the script is printed whole', async () => {
    const { code, stdout } = await run(['completion', shell])
    expect(code).toBe(0)
    expect(stdout).toContain('__complete')
  })
})
