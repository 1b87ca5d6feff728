/** Stars out credentials, should a message carry one after all. */
export const redact = (text: string, secrets: Iterable<string>): string => {
  let clean = text
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '***')
  return clean
}
