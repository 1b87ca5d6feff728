/** The two files in which AWS tools keep profiles. */
export type Profile = ReadonlyMap<string, string>
export type Profiles = ReadonlyMap<string, Profile>

/** Sections by their heading. Indented lines belong to settings that are not read here. */
const sectionsOf = (text: string): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | null = null
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\[\s*(.*?)\s*\]/.exec(line)?.[1]
    if (heading !== undefined) {
      section = sections.get(heading) ?? new Map<string, string>()
      sections.set(heading, section)
      continue
    }
    const [, key, value] = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (section === null || key === undefined || value === undefined) continue
    section.set(key.toLowerCase(), value.replace(/\s[#;].*$/, '').trim())
  }
  return sections
}

/** `[profile dev]` in the configuration; `default` may stand alone. */
const nameInConfig = (heading: string): string | null => {
  if (heading === 'default') return heading
  return /^profile\s+(.+)$/.exec(heading)?.[1]?.replace(/^(["'])(.*)\1$/, '$2') ?? null
}

/** Profiles of both files; a setting of the credentials file counts before the other's. */
export const profilesOf = (credentials: string, config: string): Profiles => {
  const profiles = new Map<string, Map<string, string>>()
  const add = (name: string, section: ReadonlyMap<string, string>): void => {
    profiles.set(name, new Map([...(profiles.get(name) ?? []), ...section]))
  }
  for (const [heading, section] of sectionsOf(config)) {
    const name = nameInConfig(heading)
    if (name !== null) add(name, section)
  }
  for (const [name, section] of sectionsOf(credentials)) add(name, section)
  return profiles
}
