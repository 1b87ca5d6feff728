import type { PortMapping } from '#domain/configuration'
import { numberOf, refusal, show, wholeNumber } from './scalar.ts'

/** A port number, 1 to 65535. */
export const parsePortNumber = (value: unknown): number => {
  const number = typeof value === 'string' ? wholeNumber(value) : numberOf(value)
  if (number === null || !Number.isInteger(number)) throw refusal(`${show(value)} is no port`)
  if (number < 1 || number > 65_535) throw refusal(`port ${show(value)} is not in 1..65535`)
  return number
}

const hint = 'ports are a number, or two as "local:container"'

/** `80:8000`, or one port that listens in the container; `bareLocal` is its other side. */
const parsePortText = (
  value: unknown,
  pair: RegExp,
  bareLocal: (port: number) => number,
): PortMapping => {
  const match = typeof value === 'string' ? pair.exec(value) : null
  if (match)
    return {
      localPort: match[1] === '*' ? null : parsePortNumber(match[1]),
      containerPort: parsePortNumber(match[2]),
    }
  if (typeof value === 'string' && wholeNumber(value) === null)
    throw refusal(`${show(value)} is no port`, hint)
  const containerPort = parsePortNumber(value)
  return { localPort: bareLocal(containerPort), containerPort }
}

/** The port of a service. A bare one is reached at 80. */
export const parsePort = (value: unknown): PortMapping =>
  parsePortText(value, /^(\d+):(\d+)$/, () => 80)

/** A port of a task or dev environment. A bare one has the same number on both sides. */
export const parseForwardedPort = (value: unknown): PortMapping =>
  parsePortText(value, /^(\d+|\*):(\d+)$/, (port) => port)
