/** A run in the foreground as a process of its own, and commands of ours over the same home. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../world.ts'

interface Ended {
  readonly code: number | null
  readonly text: string
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves once it has written this; throws where it ends without. */
  until(pattern: RegExp): Promise<RegExpExecArray>
}

const main = ['--import', 'tsx', '-C', 'source', 'src/cli/main.ts']

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 20)
  })

export const newPlayground = () => {
  const folder = mkdtempSync(join(tmpdir(), 'runs-'))
  const home = join(folder, 'home')
  const children: ChildProcess[] = []

  const start = (words: readonly string[]): Started => {
    const env = { ...process.env, DSTACK_OFFERS_HOME: home }
    const child = spawn(process.execPath, [...main, ...words], { env })
    children.push(child)
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
    }
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code) => resolve({ code, text }))
    })
    const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const found = pattern.exec(text)
        if (found !== null) return found
        if (child.exitCode !== null) throw new Error(`ended without ${String(pattern)}: ${text}`)
        await pause()
      }
    }
    return { child, ended, until }
  }
  return {
    folder,
    home,
    start,
    /** In this process, which is another than the run's. */
    said: async (...words: readonly string[]): Promise<Ended> => {
      const environment = { DSTACK_OFFERS_HOME: home, NO_COLOR: '1' }
      const { code, stdout, stderr } = await run(words, { environment })
      return { code, text: `${stdout}${stderr}` }
    },
    close: (): void => {
      for (const child of children) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
