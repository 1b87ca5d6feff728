/** Runs in the foreground, and other processes that see and end them. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'
import { newPlayground } from './processes.ts'

const service = (replicas: number): string =>
  `type: service\ncommands: [serve]\nport: 8000\nreplicas: ${replicas}\ntermination_idle_time: 1\nresources:\n  cpu: 1..\n  memory: 1GB..\n  disk: 50GB..\n`

const play = (onTestFinished: (close: () => void) => void) => {
  const playground = newPlayground()
  onTestFinished(() => playground.close())
  const start = (name: string, replicas: number) => {
    const file = join(playground.folder, `${name}.dstack.yml`)
    writeFileSync(file, service(replicas))
    const words = `run ${file} -b simulator --name ${name} -y --no-overlay --no-files`
    return playground.start(words.split(' '))
  }
  return { ...playground, start }
}

interface Runs {
  readonly runs: readonly {
    readonly name: string
    readonly status: string
    readonly replicas: readonly { readonly status: string; readonly machine: string | null }[]
  }[]
}

const machineNames = (text: string): readonly string[] => text.match(/dso-\w+-\w+/g) ?? []

test.concurrent('another process sees a run, says what its machines may do, and ends it', async ({
  expect,
  onTestFinished,
}) => {
  const { start, said } = play(onTestFinished)
  const foreground = start('web', 1)
  await foreground.until(/^web {2}running$/m)

  const listed = JSON.parse((await said('ps', '-o', 'json')).text) as Runs
  expect(listed.runs.map(({ name, status }) => [name, status])).toEqual([['web', 'running']])
  const machine = listed.runs[0]?.replicas[0]?.machine ?? ''
  expect(machineNames((await said('pool', 'list')).text)).toEqual([machine])
  expect((await said('pool', 'list', '--pool', 'another')).text).toBe('No machines.\n')

  const logs = await said('logs', 'web')
  expect(logs).toEqual({ code: 0, text: 'note: simulator gives no output of what runs there\n' })
  expect((await said('logs', 'web', '--replica', '7')).code).toBe(2)
  expect((await said('reap', '--dry-run')).text).toBe('Nothing to remove.\n')

  expect((await said('pool', 'set', machine, '--idle-seconds', '7')).code).toBe(0)
  expect((await said('pool', 'list', '-o', 'json')).text).toContain('"idle_seconds": 7')
  expect((await said('pool', 'remove', 'nobody')).code).toBe(2)
  expect((await said('pool', 'remove', machine)).text).toContain('when its replica has ended')
  expect((await said('ps')).text).toMatch(/replica 0 .* running/)

  const stopped = await said('stop', 'web')
  expect(stopped.code).toBe(0)
  expect(stopped.text).toContain('web  terminated\n')
  expect((await foreground.ended).code).toBe(0)
  expect((await said('pool', 'list')).text).toBe('No machines.\n')
  expect((await said('ps')).text).toBe('No runs.\n')
}, 120_000)

test.concurrent('what has no room is passed over for the next offer, and all attempts are told', async ({
  expect,
  onTestFinished,
}) => {
  const { start, said } = play(onTestFinished)
  // No offer of the simulator has room for more than 8.
  const foreground = start('nine', 9)
  await foreground.until(/^nine {2}running$/m)
  await said('stop', 'nine')
  const { code, text } = await foreground.ended
  expect(code).toBe(0)
  const attempts = [...text.matchAll(/^attempt (\d+) {2}.+ {2}\$([\d.]+) {2}([a-z -]+)/gm)].map(
    ([, number, usd, outcome = '']) => ({
      isFirst: number === '1',
      usd: Number(usd),
      outcome,
    }),
  )
  // The same machine on demand is another offer than on spot, and so is its price.
  const refused = attempts.find(({ outcome }) => outcome.startsWith('no-capacity'))
  const made = attempts.find((one) => !one.isFirst && one.outcome.startsWith('machine made'))
  expect(refused?.isFirst).toBe(true)
  expect(made?.usd).toBeGreaterThan(refused?.usd ?? Infinity)
}, 120_000)

test.concurrent('two runs at once: one process looks after both, and the other after what is left', async ({
  expect,
  onTestFinished,
}) => {
  const { start, said } = play(onTestFinished)
  const first = start('first', 1)
  await first.until(/^first {2}running$/m)
  const second = start('second', 1)
  await second.until(/another process looks after the runs/)
  await second.until(/^second {2}running$/m)
  first.child.kill('SIGINT')
  const { code, text } = await first.ended
  expect([code, /^first {2}terminated {2}stopped-by-user$/m.test(text)]).toEqual([0, true])
  expect((await said('ps')).text).toMatch(/^second .* running /m)
  second.child.kill('SIGINT')
  expect((await second.ended).code).toBe(0)
  expect((await said('pool', 'list')).text).toBe('No machines.\n')
}, 120_000)

test.concurrent('books that are lost leave machines that reap finds by their owner', async ({
  expect,
  onTestFinished,
}) => {
  const { start, said, home } = play(onTestFinished)
  const foreground = start('lost', 1)
  await foreground.until(/^lost {2}running$/m)
  const [name = ''] = machineNames((await said('pool', 'list')).text)
  const owner = name.split('-')[1] ?? ''
  foreground.child.kill('SIGKILL')
  await foreground.ended
  for (const end of ['', '-wal', '-shm']) {
    rmSync(join(home, `runs.sqlite${end}`), { force: true })
  }
  const reap = (...words: readonly string[]) =>
    said('reap', '-b', 'simulator', '--owner', owner, ...words)
  expect((await said('reap', '-b', 'simulator')).text).toBe('Nothing to remove.\n')
  expect((await reap('--expired')).text).toBe('Nothing to remove.\n')
  expect((await reap('--dry-run')).text).toMatch(
    /^simulator instance \S+ {2}no run owns it {2}kept$/m,
  )
  expect((await reap()).text).toMatch(/^simulator instance \S+ {2}no run owns it {2}going$/m)
}, 120_000)

test.concurrent('ended while its machine starts, a run leaves nothing', async ({
  expect,
  onTestFinished,
}) => {
  const { start, said } = play(onTestFinished)
  const foreground = start('early', 1)
  await foreground.until(/^replica 0 {2}provisioning$/m)
  foreground.child.kill('SIGTERM')
  const { code, text } = await foreground.ended
  expect(code).toBe(0)
  expect(text).toMatch(/^early {2}terminated {2}stopped-by-user$/m)
  expect((await said('pool', 'list')).text).toBe('No machines.\n')
  expect((await said('reap', '-b', 'simulator', '--dry-run')).text).toBe('Nothing to remove.\n')
}, 120_000)

test.concurrent('interrupted twice, a run is left to the books, and stop ends it', async ({
  expect,
  onTestFinished,
}) => {
  const { start, said } = play(onTestFinished)
  const foreground = start('twice', 1)
  await foreground.until(/^twice {2}running$/m)
  foreground.child.kill('SIGINT')
  await foreground.until(/^stopping; once more/m)
  foreground.child.kill('SIGINT')
  const { code, text } = await foreground.ended
  expect(code).toBe(0)
  expect(text).toContain('left as it is')
  expect((await said('stop', 'twice')).text).toContain('twice  terminated\n')
  expect((await said('pool', 'list')).text).toBe('No machines.\n')
}, 120_000)
