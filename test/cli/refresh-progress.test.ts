import { expect, test } from 'vitest'
import { refreshProgress } from '#cli/refresh-progress'

/** A terminal as far as progress needs one: lines, going up, clearing below. */
const screen = (isTTY: boolean, columns: number) => {
  let lines: string[] = ['']
  const write = (text: string): void => {
    const plain = text.replaceAll('\u001B[J', '').replaceAll('\u001B', '\n^')
    for (const part of plain.split(/(\n\^\[\d+A|\n)/)) {
      const up = /\^\[(\d+)A$/.exec(part)?.[1]
      const at = lines.length - 1
      if (part === '\n') lines.push('')
      else if (up !== undefined) lines = [...lines.slice(0, at - Number(up)), '']
      else lines[at] += part
    }
  }
  return { output: { isTTY, columns, write }, lines: () => lines.slice(0, -1) }
}

test('each backend has a line until it is done, and what stays is above', () => {
  const { output, lines } = screen(true, 80)
  const progress = refreshProgress(['azure', 'vultr'], output, false)
  expect(lines()).toEqual(['azure          asking …', 'vultr          asking …'])
  progress.page('vultr', 1, 12)
  progress.page('azure', 22, 1200)
  expect(lines()).toEqual([
    'azure          22 pages, 1,200 offers',
    'vultr          1 page, 12 offers',
  ])
  progress.done({ backend: 'vultr' }, () => output.write('vultr done\n'))
  expect(lines()).toEqual(['vultr done', 'azure          22 pages, 1,200 offers'])
  progress.done({ backend: 'azure' }, () => output.write('azure done\n'))
  progress.end()
  expect(lines()).toEqual(['vultr done', 'azure done'])
})

test('a small terminal gets few and short lines', () => {
  const { output, lines } = screen(true, 20)
  const names = Array.from({ length: 30 }, (_, index) => `backend${index}`)
  const progress = refreshProgress(names, output, false)
  progress.page('backend29', 1000, 1_000_000)
  expect(lines()).toHaveLength(12)
  expect(lines()[0]).toMatch(/^backend29 /)
  expect(lines().at(-1)).toBe('and 19 more')
  for (const line of lines()) expect(line.length).toBeLessThan(20)
})

test.each([
  ['no terminal', false, false],
  ['quiet', true, true],
])('%s: only what stays is written', (_what, isTTY, quiet) => {
  const { output, lines } = screen(isTTY, 80)
  const progress = refreshProgress(['vultr'], output, quiet)
  progress.page('vultr', 1, 12)
  progress.done({ backend: 'vultr' }, () => output.write('vultr done\n'))
  progress.end()
  expect(lines()).toEqual(['vultr done'])
})
