/** The program as a process: builds the world, runs, ends with the exit code. */
import { fstatSync, writeSync } from 'node:fs'
import { homedir } from 'node:os'
import { readClock } from '#platform/clock'
import { processEnvironment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import { exitCodes } from './exit-codes.ts'
import { catalogOpener } from './open-catalog.ts'
import { runProgram } from './program.ts'
import { version } from '#domain/version'
import { fileWriter } from './write-file.ts'
import type { Output } from './world.ts'

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** A pipe that nobody reads any more ends the program; one that is full is waited for. */
const writeAll = (descriptor: number, text: string): void => {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      if (codeOf(error) === 'EPIPE') process.exit(exitCodes.done)
      if (codeOf(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

/** Node's streams are slow to load, so that only what can be a terminal is asked through them. */
const isTerminal = (descriptor: number): boolean => {
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return false
  } catch {
    // A descriptor that was closed.
    return false
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor)
}

/** A stream is made only to ask a terminal for its width. */
const outputOf = (descriptor: number, stream: () => NodeJS.WriteStream): Output => {
  const isTTY = isTerminal(descriptor)
  return {
    write: (text) => writeAll(descriptor, text),
    isTTY,
    columns: isTTY ? stream().columns : null,
  }
}

const reportBug = (error: unknown): void => {
  const { message, stack } = error instanceof Error ? error : { message: String(error) }
  const detail = process.env['DSTACK_OFFERS_DEBUG'] ? `${stack ?? ''}\n` : ''
  writeAll(
    2,
    `internal error: ${message}\n${detail}This is a bug in dstack-offers ${version}. Please report it with the command and its input;\nDSTACK_OFFERS_DEBUG=1 shows where it happened.\n`,
  )
}

const main = async (): Promise<void> => {
  const environment = processEnvironment()
  const cwd = process.cwd()
  try {
    process.exitCode = await runProgram({
      arguments: process.argv.slice(2),
      stdout: outputOf(1, () => process.stdout),
      stderr: outputOf(2, () => process.stderr),
      environment,
      files: systemFiles,
      writeFile: fileWriter(cwd),
      openCatalog: catalogOpener(environment, cwd),
      cwd,
      home: homedir(),
      nowMs: readClock(environment),
    })
  } catch (error) {
    reportBug(error)
    process.exitCode = exitCodes.bug
  }
}

// Not awaited at the top level: the bundle is CommonJS, which starts faster.
void main()
