import { type Chapter, failed, passed, skipped, type VectorResult } from './chapter.ts'
import { type Call, elsewhere, rules } from './gpu-helper-rules.ts'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const callOf = (value: unknown): Call => {
  if (!isObject(value) || !Array.isArray(value['args']))
    throw new TypeError('a vector of GPU helpers has no "args"')
  return { args: value['args'], result: value['result'] }
}

const resultOf = (id: string, helper: string, call: Call): VectorResult => {
  const rule = rules.get(helper)
  if (!rule) return skipped(id, elsewhere.get(helper) ?? `no rule answers ${helper}`)
  const verdict = rule(call)
  if (verdict.kind === 'agrees') return passed(id)
  if (verdict.kind === 'skip') return skipped(id, verdict.reason)
  return failed(id, call.result, verdict.got)
}

/** Calls of the peer's helpers for GPU names, makers, memory and capability, by helper. */
export const gpuHelpers: Chapter = {
  file: 'gpu-helpers.json',
  needs: [],
  *run(vectors) {
    if (!isObject(vectors)) throw new TypeError('the vectors of GPU helpers are no object')
    for (const [helper, calls] of Object.entries(vectors)) {
      if (!Array.isArray(calls)) throw new TypeError(`the vectors of "${helper}" are no list`)
      for (const [index, call] of calls.entries())
        yield resultOf(`${helper} ${index}`, helper, callOf(call))
    }
  },
}
