/** What this machine has. */
import { execFile } from 'node:child_process'
import { accessSync, constants, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { arch, availableParallelism, totalmem } from 'node:os'

const mib = 1024 * 1024

export interface MachineFacts {
  readonly cpus: number
  readonly memoryMib: number
  /** As Node names it. */
  readonly architecture: string
}

export const machineFacts = (): MachineFacts => ({
  cpus: availableParallelism(),
  memoryMib: Math.floor(totalmem() / mib),
  architecture: arch(),
})

/** Free where a folder lies, or will lie; null where the system does not tell. */
export const freeDiskMib = (folder: string): number | null => {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return Math.floor((bavail * bsize) / mib)
  } catch {
    return dirname(folder) === folder ? null : freeDiskMib(dirname(folder))
  }
}

/** What a small program prints; null where it is not there, fails or takes too long. */
export const outputOf = (file: string, args: readonly string[]): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(file, [...args], { encoding: 'utf8', timeout: 5000 }, (error, stdout, stderr) =>
      // Old Pythons tell their version on the other stream.
      resolve(error === null ? stdout || stderr : null),
    )
  })

/** Whether a folder is there and may be written to. */
export const isWritableFolder = (path: string): boolean => {
  try {
    accessSync(`${path}/.`, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
