import { describe, expect, test } from 'vitest'
import { fillRunArguments, interpolate } from '#configuration/interpolate'
import { jobOf } from '#workload/job'
import { readConfiguration } from '#configuration/read'
import { splitShellWords } from '#configuration/shell-words'
import { resolveVariables } from '#configuration/variables'
import { ArgumentError } from '#domain/errors'

const read = (lines: string) => {
  const configuration = readConfiguration(`type: service\nport: 80\n${lines}\n`, {
    file: 'a.dstack.yml',
  })
  if (configuration.type !== 'service') throw new Error('no service')
  return configuration
}

test('run arguments are filled into commands and setup', () => {
  const configuration = read('commands: ["a ${{ run.args }} $$HOME"]\nsetup: ["b ${{ run.args }}"]')
  expect(fillRunArguments(configuration, ['--lr', '1'])).toMatchObject({
    commands: ['a --lr 1 $HOME'],
    setup: ['b --lr 1'],
  })
  expect(interpolate('${{ secrets.a }}${{ x.y }}$', new Map())).toBe('${{ secrets.a }}$')
  for (const text of ['${{ run.args', '${{ run }}', '${{ a.b.c }}', '${{}}'])
    expect(() => interpolate(text, new Map())).toThrow(ArgumentError)
})

test('variables come from the command line, the configuration, the process', () => {
  const { env } = read('image: x\nenv: [A=1, B, C, D=4, E]')
  const flags = new Map([
    ['A', { value: '9' }],
    ['D', { required: true }],
    ['F', { value: '6' }],
  ] as const)
  const { values, unset } = resolveVariables(env, flags, { B: '2', D: 'process', E: '' })
  expect(Object.fromEntries(values)).toEqual({ A: '9', B: '2', D: 'process', E: '', F: '6' })
  expect(unset).toEqual(['C'])
})

describe('what runs', () => {
  test.each([
    ['commands: [a, " b & ", c]', ['/bin/bash', '-i', '-c', 'a && { b & } && c']],
    ['image: x\ncommands: [a]', ['/bin/sh', '-i', '-c', 'a']],
    ['image: x\nentrypoint: sh -c "x y"\ncommands: [a b]', ['sh', '-c', 'x y', 'a b']],
    ['image: x', null],
  ])('%j', (lines, commandLine) => expect(jobOf(read(lines)).commandLine).toEqual(commandLine))

  test('in which image and directory', () => {
    expect(jobOf(read('commands: [a]\npython: 3.10'))).toMatchObject({
      image: 'dstackai/base:py3.10-0.4rc4-cuda-12.1',
      workingDir: '.',
    })
    expect(jobOf(read('image: x'))).toMatchObject({ image: 'x', workingDir: null })
  })
})

test('words of a shell', () => {
  expect(splitShellWords(`a  'b c' "d \\" e"f \\ g`)).toEqual(['a', 'b c', 'd " ef', ' g'])
  expect(splitShellWords(`'' ""`)).toEqual(['', ''])
  expect(splitShellWords(' ')).toEqual([])
  for (const text of ['"a', "a 'b", 'a\\'])
    expect(() => splitShellWords(text)).toThrow(ArgumentError)
})
