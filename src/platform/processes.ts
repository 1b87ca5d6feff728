/** Processes that outlive the one that starts them, and how they are found again. */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { homedir } from 'node:os'
import { bootId, processStat } from './process-stat.ts'

export interface DetachedOptions {
  /** Run by the Node that runs this program. */
  readonly script: string
  readonly arguments: readonly string[]
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  /** Takes what it writes; made where it is not there, for its owner alone. */
  readonly logPath: string
}

/**
 * Starts a script in a session of its own, whose group bears its number: it stays when this process
 * goes. Returns that number; throws where nothing could be started.
 */
export const startDetached = (options: DetachedOptions): number => {
  const log = openSync(options.logPath, 'a', 0o600)
  try {
    const child = spawn(process.execPath, [options.script, ...options.arguments], {
      cwd: options.directory,
      env: { ...options.environment },
      detached: true,
      stdio: ['ignore', log, log],
    })
    // Without a listener a failure would end this process; without a number it is told below.
    child.on('error', () => undefined)
    child.unref()
    if (child.pid !== undefined) return child.pid
    throw new Error(`no process could be started in "${options.directory}"`)
  } finally {
    closeSync(log)
  }
}

const bootOrNone = (): string => {
  try {
    return bootId()
  } catch {
    return ''
  }
}

/**
 * When a process started, as a text that no other process of that number ever has; null where there
 * is none. A zombie is none any more.
 */
export const processBirth = (pid: number): string | null => {
  if (process.platform === 'linux') {
    const stat = processStat(pid)
    return stat === null || stat.isDead ? null : `${bootOrNone()}/${stat.born}`
  }
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout?.trim() || null
}

/** False where there is no such process or group, which is a negative number. */
export const sendSignal = (pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean => {
  try {
    process.kill(pid, signal)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

const kept = /^(PATH|LANG|LC_.*|TZ|TMPDIR|USER|LOGNAME|SHELL|TERM|LD_LIBRARY_PATH|SYSTEMROOT)$/

/** What a program needs of its surroundings; credentials that lie there are none of its business. */
export const plainEnvironment = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      kept.test(name) && value !== undefined ? [[name, value] as const] : [],
    ),
  )

/** The user's own. */
export const userHome = (): string => homedir()

export const ownPid = (): number => process.pid
