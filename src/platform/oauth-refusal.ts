/** What a token endpoint says of credentials: refusals of RFC 6749, which come with HTTP 400. */

/** What other credentials mend; an unknown tenant or a key that no longer counts is among them. */
const refusals: ReadonlySet<string> = new Set([
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'unauthorized_client',
])

/** The refusal by name; null where the answer is none. Nothing else of the answer is told. */
export const oauthRefusalIn = (text: string): string | null => {
  try {
    const value: unknown = JSON.parse(text)
    const name: unknown =
      typeof value === 'object' && value !== null ? Reflect.get(value, 'error') : null
    return typeof name === 'string' && refusals.has(name) ? name : null
  } catch {
    return null
  }
}
