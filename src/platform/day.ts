/** Days are texts, `2027-03-01`, in UTC: they compare as they sort. */

/** The day an instant (milliseconds since 1970) lies in. */
export const dayOf = (instantMs: number): string => new Date(instantMs).toISOString().slice(0, 10)

/** Whether the text is a day of the calendar: `2027-02-30` is none. */
export const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const instantMs = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(instantMs) && dayOf(instantMs) === text
}
