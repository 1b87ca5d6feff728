import { pythonVersions, type PythonVersion } from '#domain/configuration'
import { didYouMean, refusal, show, textOf } from './scalar.ts'

const hintFor = (text: string): string => {
  const minor = Number(/^3\.(\d+)$/.exec(text)?.[1] ?? 0)
  if (minor > 12) return `${text} belongs to a later dstack; 0.18 has 3.8 to 3.12`
  if (text === '3.1') return 'did you mean "3.10"?'
  return didYouMean(text, pythonVersions) ?? '0.18 has 3.8 to 3.12'
}

/** `"3.10"`, or the number 3.10; a number 3.1 can only be a 3.10 that lost its zero. */
export const parsePython = (value: unknown): PythonVersion => {
  const text = value === 3.1 ? '3.10' : (textOf(value) ?? '')
  const version = pythonVersions.find((one) => one === text)
  if (version === undefined)
    throw refusal(`${show(value)} is no version of Python this dstack has`, hintFor(text))
  return version
}
