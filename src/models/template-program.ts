/**
 * The program that renders chat templates for us. It is text since it runs alone, by plain Node,
 * whatever the program that starts it was built to.
 *
 * It asks for a template and its values, and tells the prompt or why there is none. It ends its own
 * loops, so that it never spins on when whoever started it has died.
 */
export const templateProgram = `'use strict'
const { createContext, Script } = require('node:vm')
const [library, longestMs, mostChars] = process.argv.slice(2)
const { Template } = require(library)

const mostKept = 20
const mostTold = 2000
const slot = { work: () => undefined }
const context = createContext(slot)
const script = new Script('work()')

// A script's timeout ends all that it calls: the one way to end a loop from inside.
const guarded = (work) => {
  let result
  slot.work = () => {
    result = work()
  }
  script.runInContext(context, { timeout: Number(longestMs) })
  return result
}

const reasonOf = (error, name) =>
  error !== null && typeof error === 'object' && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    ? { tooSlow: true }
    : { [name]: String(error instanceof Error ? error.message : error).slice(0, mostTold) }

const kept = new Map()
const templateOf = (text) => {
  const known = kept.get(text)
  if (known !== undefined) return known
  const template = guarded(() => new Template(text))
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value)
  kept.set(text, template)
  return template
}

const answer = ({ text, values }) => {
  let template
  try {
    template = templateOf(text)
  } catch (error) {
    return reasonOf(error, 'unreadable')
  }
  if (values === null) return { prompt: '' }
  try {
    const prompt = guarded(() => template.render(values))
    return prompt.length > Number(mostChars) ? { tooLong: true } : { prompt }
  } catch (error) {
    return reasonOf(error, 'refused')
  }
}

process.on('message', (asked) => process.send(answer(asked)))
process.send('ready')
`
