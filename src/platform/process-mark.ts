/** What proves from within another process, on this machine, that a process is no more. Linux only. */
import { readlinkSync } from 'node:fs'
import { bootId, processStat } from './process-stat.ts'

export interface ProcessMark {
  /** This boot of this machine, and the namespaces that give numbers and times their meaning. */
  readonly host: string
  readonly pid: number
  /** When it began, in the kernel's ticks since the boot. */
  readonly born: string
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** In two containers one number is two processes, and a clock may be set for one of them alone. */
const hostHere = (): string =>
  [bootId(), readlinkSync('/proc/self/ns/pid'), timeNamespace()].join(' ')

const timeNamespace = (): string => {
  try {
    return readlinkSync('/proc/self/ns/time')
  } catch {
    // Kernels before 5.6 have none.
    return ''
  }
}

/** Of this process; null where nobody could prove by it that it has ended. */
export const ownMark = (): ProcessMark | null => {
  if (process.platform !== 'linux') return null
  try {
    // A /proc of another namespace shows other processes under our numbers.
    if (readlinkSync('/proc/self') !== String(process.pid)) return null
    const born = processStat(process.pid)?.born
    return born === undefined ? null : { host: hostHere(), pid: process.pid, born }
  } catch {
    return null
  }
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

/** `seen` has ended for sure. False for what nothing is known of: another machine, another container. */
export const hasEnded = (seen: ProcessMark, own: ProcessMark | null): boolean => {
  if (own === null || own.host !== seen.host) return false
  if (!isThere(seen.pid)) return true
  const stat = processStat(seen.pid)
  return stat !== null && (stat.isDead || stat.born !== seen.born)
}
