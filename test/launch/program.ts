/** The program as a process of its own, that is watched and interrupted. */
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

interface Ended {
  readonly code: number | null
  readonly text: string
}

export interface Started {
  readonly process: ChildProcess
  /** What it says, as far as it has come. */
  readonly text: () => string
  /** Throws where it ends without having said so. */
  readonly until: (pattern: RegExp) => Promise<RegExpExecArray>
  /** Counted from when it should end: until then it may have been slow to start. */
  readonly ended: () => Promise<Ended>
}

export const pause = (): Promise<void> => sleep(50)

const limitMs = 100_000

export const startProgram = (
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Started => {
  const main = ['--import', 'tsx', '-C', 'source', 'src/cli/main.ts']
  const child = spawn(process.execPath, [...main, ...words], {
    env: { ...process.env, ...environment },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  }
  const exited = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, text }))
  })
  return {
    process: child,
    text: () => text,
    until: async (pattern) => {
      for (;;) {
        const found = pattern.exec(text)
        if (found !== null) return found
        if (child.exitCode !== null) throw new Error(`it ended without ${String(pattern)}: ${text}`)
        await pause()
      }
    },
    ended: async () => {
      const timer = new AbortController()
      const late = sleep(limitMs, null, { signal: timer.signal }).then(
        () => Promise.reject(new Error(`it goes on: ${words.join(' ')}: ${text}`)),
        () => exited,
      )
      try {
        return await Promise.race([exited, late])
      } finally {
        timer.abort()
      }
    },
  }
}
