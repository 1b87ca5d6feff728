import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { newTemplateProcess } from '#models/template-process'
import { templates } from './harness.ts'

const loop = '{% for i in range(90000) %}{% for j in range(90000) %}.{% endfor %}{% endfor %}'

test('each template has its turn, however many wait for another', async () => {
  const told: string[] = []
  const ask = async (text: string): Promise<void> => {
    await templates.ask(text, {})
    told.push(text)
  }
  await Promise.all(['a', 'a', 'a', 'a', 'b', 'b', 'c'].map(ask))
  expect(told).toEqual(['a', 'a', 'b', 'c', 'a', 'b', 'a'])
})

test('who has left is not waited for', async () => {
  const gone = new AbortController()
  const first = templates.ask(loop, {})
  const second = templates.ask(loop, {}, gone.signal)
  gone.abort(new Error('left'))
  await expect(second).rejects.toThrow('left')
  expect(await templates.ask('x', {})).toEqual({ prompt: 'x' })
  expect(await first).toEqual({ tooSlow: true })
})

test.each([
  '{{ process }}{{ require }}{{ globalThis }}{{ Template }}',
  '{{ messages.constructor }}{{ messages.constructor.constructor }}',
  '{{ messages["__proto__"] }}{{ "a".constructor }}',
])('%s is nothing to a template', async (text) => {
  expect(await templates.ask(text, { messages: [] })).toEqual({ prompt: '' })
})

test('after the end of its process another one answers', async () => {
  const own = newTemplateProcess()
  expect(await own.ask('a', {})).toEqual({ prompt: 'a' })
  own.close()
  const after = await own.ask('b', {})
  // What was handed over just before its end is lost; the next is not.
  expect([{ prompt: 'b' }, { ended: true }]).toContainEqual(after)
  expect(await own.ask('c', {})).toEqual({ prompt: 'c' })
  own.close()
})

test('ends by itself when whoever started it is killed in the middle of a loop', async () => {
  const program = `
    import { newTemplateProcess } from '#models/template-process'
    const templates = newTemplateProcess()
    await templates.ask('x', {})
    void templates.ask(${JSON.stringify(loop)}, {})
    process.stdout.write('asked')`
  const parent = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', program],
    { detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(parent.stdout, 'data')
  const group = -(parent.pid ?? 0)
  parent.kill('SIGKILL')
  await once(parent, 'close')
  const isThere = (): boolean => {
    try {
      return process.kill(group, 0)
    } catch {
      return false
    }
  }
  await expect.poll(isThere, { timeout: 10_000 }).toBe(false)
})
