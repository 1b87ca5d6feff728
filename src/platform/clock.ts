/** Instants are milliseconds since 1970-01-01T00:00:00Z. */

/** `SOURCE_DATE_EPOCH` (whole seconds), where set, stands for the present: the same answer twice. */
export const readClock = (environment: Readonly<Record<string, string | undefined>>): number => {
  const fixed = environment['SOURCE_DATE_EPOCH']
  return fixed !== undefined && /^\d{1,12}$/.test(fixed) ? Number(fixed) * 1000 : Date.now()
}

/** Null where the text is no RFC 3339 instant. */
export const parseInstant = (text: string): number | null => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null
  const instantMs = Date.parse(text)
  return Number.isNaN(instantMs) ? null : instantMs
}
