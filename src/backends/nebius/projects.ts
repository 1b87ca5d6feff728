/** Platforms are asked for by project, and a project is in one region: one for each is enough. */
import type { NebiusApi } from './api.ts'
import { containersOf, type Whole } from './lists.ts'
import type { Container } from './schema.ts'

export interface RegionProject {
  readonly region: string
  readonly project: string
  readonly tenant: string
}

interface Owned {
  readonly project: Container
  readonly tenant: string
}

const suspended: ReadonlySet<number> = new Set([2, 3])

/** On its way out, or out: from scheduled for deletion to purged, and parked. */
const leaving: ReadonlySet<number> = new Set([2, 3, 4, 5, 7, 8, 11, 12])

const isUsable = ({ status }: Container): boolean =>
  status === null ||
  (!suspended.has(status.suspension_state) && !leaving.has(status.container_state))

const regionOf = ({ status, spec }: Container): string => status?.region || spec?.region || ''

/** The project of the least id, so that the same account is asked at the same place each time. */
const onePerRegion = (owned: readonly Owned[]): readonly RegionProject[] => {
  const found = new Map<string, RegionProject>()
  const usable = owned.filter(({ project }) => isUsable(project))
  const idOf = ({ project }: Owned): string => project.metadata.id
  for (const one of usable.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))) {
    const region = regionOf(one.project)
    if (region === '' || found.has(region)) continue
    found.set(region, { region, project: idOf(one), tenant: one.tenant })
  }
  return [...found.values()]
}

const tenantsOf = async (api: NebiusApi, tenant: string | undefined): Promise<Whole<string>> => {
  if (tenant !== undefined) return { rows: [tenant], malformed: [], count: 1, isWhole: true }
  const tenants = await containersOf(api, 'tenants', '')
  return { ...tenants, rows: tenants.rows.map(({ metadata: { id } }) => id) }
}

/** The regions the account can see, with a project in each. */
export const regionProjects = async (
  api: NebiusApi,
  tenant: string | undefined,
): Promise<Whole<RegionProject>> => {
  const tenants = await tenantsOf(api, tenant)
  const lists: Whole<Owned>[] = []
  for (const tenant of tenants.rows) {
    const list = await containersOf(api, 'projects', tenant)
    lists.push({ ...list, rows: list.rows.map((project) => ({ project, tenant })) })
  }
  return {
    rows: onePerRegion(lists.flatMap(({ rows }) => rows)),
    malformed: [...tenants.malformed, ...lists.flatMap(({ malformed }) => malformed)],
    count: lists.reduce((sum, { count }) => sum + count, 0),
    isWhole: [tenants, ...lists].every(({ isWhole }) => isWhole),
  }
}
