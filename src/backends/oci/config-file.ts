/** The file in which Oracle's tools keep profiles. */
type Profile = ReadonlyMap<string, string>

/** Null where there is no such profile; what it leaves open is that of `DEFAULT`. */
export const profileIn = (text: string, name: string): Profile | null => {
  const profiles = new Map<string, Map<string, string>>()
  let section: Map<string, string> | null = null
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1]
    if (heading !== undefined) {
      section = profiles.get(heading) ?? new Map<string, string>()
      profiles.set(heading, section)
      continue
    }
    const [, key, value] = /^\s*([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (section !== null && key !== undefined && value !== undefined) section.set(key, value)
  }
  const found = profiles.get(name)
  return found ? new Map([...(profiles.get('DEFAULT') ?? []), ...found]) : null
}
