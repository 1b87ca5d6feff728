/** A lease of a process that was killed is free at once where that can be proven, and only there. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import { ownMark, type ProcessMark } from '#platform/process-mark'
import type { LeaseProcess } from '#runs/lease-rows'
import { openStateFile } from '#runs/state-file'
import { newStore } from '#runs/store'

const reason = ownMark() === null ? 'the system does not say when a process began' : null
if (reason !== null) console.log(`skipped, leases of processes: ${reason}`)

const nowMs = Date.parse('2026-11-24T12:00:00Z')
const untilMs = nowMs + 20_000

const newFile = ({ onTestFinished }: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'lease-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'runs.sqlite')
  const open = (self?: LeaseProcess) => {
    const database = openStateFile(path, { durable: false })
    const store = newStore(database, () => nowMs, self)
    onTestFinished(() => store.close())
    return { database, take: (holder: string) => store.takeLease('it', holder, nowMs, untilMs) }
  }
  return { path, open }
}

/** Another process, which has taken the lease and waits. */
const otherHolder = async (path: string, { onTestFinished }: TestContext) => {
  const code = `
    import { openStateFile } from '#runs/state-file'
    import { newStore } from '#runs/store'
    const store = newStore(openStateFile(${JSON.stringify(path)}), () => ${nowMs})
    console.log(store.takeLease('it', 'other', ${nowMs}, ${untilMs}))
    setInterval(() => undefined, 1000)`
  const words = ['--import', 'tsx', '-C', 'source', '--input-type=module', '-e', code]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
    child.once('exit', () => resolve('it has ended'))
  })
  expect(said).toBe('true')
  return {
    pid: child.pid ?? 0,
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    kill: () =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGKILL')
      }),
  }
}

test.skipIf(reason !== null)(
  'of a process that was killed, it is free at once',
  async (context) => {
    const { path, open } = newFile(context)
    const other = await otherHolder(path, context)
    const { take } = open()
    expect(take('mine')).toBe(false)
    other.signal('SIGSTOP')
    expect(take('mine'), 'asleep is not dead').toBe(false)
    await other.kill()
    expect(take('mine')).toBe(true)
    expect(take('a third one'), 'this process lives').toBe(false)
  },
)

test.skipIf(reason !== null)(
  'a number that another process has by now is no life sign',
  (context) => {
    const own = ownMark()
    if (own === null) return
    const { open } = newFile(context)
    const { take, database } = open()
    expect(take('other')).toBe(true)
    database.exec(`UPDATE lease SET born = '1'`)
    expect(take('mine')).toBe(true)
  },
)

test.skipIf(reason !== null)('what cannot be proven keeps its whole time', async (context) => {
  const own = ownMark()
  if (own === null) return
  const dead: ProcessMark = { ...own, pid: 2 ** 22 + 1 }
  const boot = own.host.split(' ')
  const places = {
    'another machine': { ...dead, host: ['other-boot', ...boot.slice(1)].join(' ') },
    'another container': { ...dead, host: [boot[0], 'pid:[1]', boot[2]].join(' ') },
    'a system that tells nothing': null,
  }
  for (const [place, mark] of Object.entries(places)) {
    const { open } = newFile(context)
    const there = open({ own: mark, hasEnded: () => false })
    expect(there.take('other')).toBe(true)
    expect(open().take('mine'), place).toBe(false)
  }
  const { open } = newFile(context)
  expect(open({ own: dead, hasEnded: () => false }).take('other')).toBe(true)
  expect(open({ own: null, hasEnded: () => false }).take('blind')).toBe(false)
  expect(open().take('mine')).toBe(true)
})

test.skipIf(reason !== null)(
  'an older program that took it is not who held it before',
  (context) => {
    const own = ownMark()
    if (own === null) return
    const { open } = newFile(context)
    const { take, database } = open({ own: { ...own, pid: 2 ** 22 + 1 }, hasEnded: () => false })
    expect(take('dead')).toBe(true)
    database.exec(`UPDATE lease SET holder = 'older'`)
    expect(open().take('mine')).toBe(false)
  },
)
