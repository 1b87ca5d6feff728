/** Why an exchange gave no answer. Never holds a header or a body. */
export class ExchangeFailure extends Error {
  readonly kind: 'network' | 'too-large' | 'broken'

  constructor(kind: 'network' | 'too-large' | 'broken', message: string) {
    super(message)
    this.kind = kind
  }
}

export const tooLarge = (limitBytes: number): ExchangeFailure =>
  new ExchangeFailure('too-large', `the answer is larger than ${limitBytes} bytes`)

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** What an error of the connection or of a decoder means. */
export const failureOf = (error: unknown, timedOut: boolean): ExchangeFailure => {
  if (error instanceof ExchangeFailure) return error
  if (timedOut) return new ExchangeFailure('network', 'the answer took too long')
  const code = codeOf(error)
  if (code.startsWith('Z_')) {
    return new ExchangeFailure('broken', `the body is damaged or cut off (${code})`)
  }
  return new ExchangeFailure('network', code === '' ? 'the connection failed' : code)
}
