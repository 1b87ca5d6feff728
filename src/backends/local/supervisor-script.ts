/**
 * The program that stays with a process of ours. It is text since it runs alone, by plain Node,
 * whatever becomes of the program that starts it: written beside the machine's other files.
 *
 * It starts the command only once `supervisor.json` names it: a starter that dies in between leaves
 * nothing behind. It ends the command when told to (SIGTERM) or when its time is over, and writes
 * how it ended. Command and child share its group, so that whoever ends the group ends them all.
 */
export const supervisorScript = `'use strict'
const { spawn } = require('node:child_process')
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const folder = process.argv[2]
const graceMs = 10000
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const write = (name, value) => {
  const aside = join(folder, name + '.partial')
  writeFileSync(aside, JSON.stringify(value), { mode: 0o600 })
  renameSync(aside, join(folder, name))
}

let child = null
let reason = null
let isOver = false

const finish = (exitCode, signal) => {
  if (isOver) return
  isOver = true
  try {
    write('exit.json', { exitCode, signal, reason })
  } catch {
    // The folder is gone: nobody asks any more.
  }
  // What the command left running in the group ends with it.
  process.kill(-process.pid, 'SIGKILL')
}

const end = (signal, why) => {
  if (child === null) process.exit(0)
  reason = reason === null ? why : reason
  // The group holds this process too, which hears it and does nothing: it is ending already.
  process.kill(-process.pid, signal)
  setTimeout(() => finish(null, 'SIGKILL'), graceMs)
}

let isEnding = false
const endOnce = (signal, why) => {
  if (isEnding) return
  isEnding = true
  end(signal, why)
}
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(name, () => endOnce('SIGTERM', null))
}

const start = () => {
  const { command, directory, maxDurationSeconds } = read('command.json')
  child = spawn(command[0], command.slice(1), { cwd: directory, stdio: ['ignore', 'inherit', 'inherit'] })
  child.on('error', (error) => {
    reason = 'the command could not be started: ' + error.code
    finish(127, null)
  })
  child.on('exit', (code, signal) => finish(code, signal))
  if (maxDurationSeconds !== null) {
    const longestMs = 2 ** 31 - 1
    const lateMs = Date.now() + maxDurationSeconds * 1000
    const wait = () => {
      const leftMs = lateMs - Date.now()
      if (leftMs <= 0) endOnce('SIGINT', 'max_duration is over')
      else setTimeout(wait, Math.min(leftMs, longestMs))
    }
    wait()
  }
}

const waitUntilNamed = (tries) => {
  if (existsSync(join(folder, 'supervisor.json'))) {
    if (read('supervisor.json').pid === process.pid) start()
  } else if (tries > 0) setTimeout(() => waitUntilNamed(tries - 1), 20)
}
waitUntilNamed(500)
`
