/**
 * Templates are run in a process of their own. They come from strangers: one may loop, and one may
 * want more memory than there is. A thread with a limit of memory is no wall, since V8 ends the whole
 * process where one allocation goes past it.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { reasonOf } from '#platform/http-time'
import { packageRoot } from '#platform/package-root'
import { newFairTurns } from './fair-turns.ts'
import { templateProgram } from './template-program.ts'

export type TemplateValues = Readonly<Record<string, unknown>>

export type TemplateReply =
  | { readonly prompt: string }
  /** By the template itself, or by what it does. */
  | { readonly refused: string }
  | { readonly unreadable: string }
  | { readonly tooSlow: true }
  | { readonly tooLong: true }
  /** The process ended before it answered: for want of memory, as far as is known. */
  | { readonly ended: true }

export interface TemplateProcess {
  /** One after the other, each template in its turn. Without values it is read only. */
  ask(text: string, values: TemplateValues | null, signal?: AbortSignal): Promise<TemplateReply>
  close(): void
}

export const templateLimits = { longestMs: 250, memoryMib: 256, promptChars: 32 * 1024 * 1024 }

/** What does not end by itself in time is ended: a single long operation cannot be interrupted. */
const endedAfterMs = 4 * templateLimits.longestMs
const startedWithinMs = 30_000

interface Job {
  readonly text: string
  readonly values: TemplateValues | null
  readonly signal: AbortSignal | undefined
  readonly settle: (reply: TemplateReply) => void
}

const replyKinds = ['prompt', 'refused', 'unreadable', 'tooSlow', 'tooLong']

const isReply = (value: unknown): value is TemplateReply =>
  typeof value === 'object' && value !== null && replyKinds.some((kind) => kind in value)

/** Without an environment: what is secret there is no template's to see. */
const startProgram = (library: string): ChildProcess => {
  const { longestMs, memoryMib, promptChars } = templateLimits
  return fork('templates', [library, `${longestMs}`, `${promptChars}`], {
    execArgv: [`--max-old-space-size=${memoryMib}`, '-e', templateProgram],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

/** Nothing waits for a process that has nothing to do. */
const holdOpen = (child: ChildProcess, isBusy: boolean): void => {
  if (isBusy) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}

/** Started when first asked, and anew after it was ended. */
export const newTemplateProcess = (): TemplateProcess => {
  const require = createRequire(join(packageRoot(), 'package.json'))
  const library = require.resolve('@huggingface/jinja')
  const waiting = newFairTurns<Job>()
  let child: ChildProcess | null = null
  let isReady = false
  let current: Job | null = null
  let timer: NodeJS.Timeout | undefined
  let wasSlow = false

  const endLater = (afterMs: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      wasSlow = true
      child?.kill('SIGKILL')
    }, afterMs)
  }

  const hand = (): void => {
    if (child === null || current === null || !isReady) return
    endLater(endedAfterMs)
    const { text, values } = current
    // Where it cannot be sent, the end of the process is told too.
    child.send({ text, values }, () => undefined)
  }

  const settle = (reply: TemplateReply): void => {
    clearTimeout(timer)
    current?.settle(reply)
    current = null
    begin()
  }

  const start = (): ChildProcess => {
    const started = startProgram(library)
    isReady = false
    wasSlow = false
    let isOver = false
    const over = (): void => {
      if (isOver) return
      isOver = true
      if (child === started) child = null
      settle(wasSlow ? { tooSlow: true } : { ended: true })
    }
    started.on('message', (value: unknown) => {
      if (isReply(value)) {
        settle(value)
      } else {
        isReady = true
        hand()
      }
    })
    started.once('error', over)
    started.once('exit', over)
    endLater(startedWithinMs)
    return started
  }

  const nextJob = (): Job | null => {
    for (let job = waiting.next(); job; job = waiting.next()) {
      if (job.signal?.aborted !== true) return job
    }
    return null
  }

  const begin = (): void => {
    if (current !== null) return
    current = nextJob()
    if (current === null) {
      if (child) holdOpen(child, false)
      return
    }
    child ??= start()
    holdOpen(child, true)
    hand()
  }

  return {
    ask: (text, values, signal) =>
      new Promise((resolve, reject) => {
        const leave = (): void => {
          if (signal) reject(reasonOf(signal))
        }
        if (signal?.aborted === true) leave()
        signal?.addEventListener('abort', leave, { once: true })
        const settle = (reply: TemplateReply): void => {
          signal?.removeEventListener('abort', leave)
          resolve(reply)
        }
        waiting.push(text, { text, values, signal, settle })
        begin()
      }),
    close: () => {
      child?.kill('SIGKILL')
    },
  }
}
