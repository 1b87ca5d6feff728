/** What the kernel tells of a process. Linux only. */
import { readFileSync } from 'node:fs'

export interface ProcessStat {
  /** It has ended, and only its number is still taken. */
  readonly isDead: boolean
  /** When it began, in the kernel's ticks since the boot. */
  readonly born: string
}

/** Null where it cannot be read: that proves nothing. */
export const processStat = (pid: number): ProcessStat | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold blanks and brackets itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [state, born] = [fields[0], fields[19]]
    if (state === undefined || born === undefined) return null
    return { isDead: state === 'Z' || state === 'X', born }
  } catch {
    return null
  }
}

/** Throws where the kernel does not tell. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
