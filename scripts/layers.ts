/** The walls of the house: which room may import which. `npm run layers` checks them. */
import type { IConfiguration } from 'dependency-cruiser'

const rooms: Record<string, readonly string[]> = {
  domain: [],
  platform: ['domain'],
  configuration: ['domain', 'platform'],
  catalog: ['domain', 'platform'],
  backends: ['domain', 'platform'],
  query: ['domain', 'catalog/tables'],
  offers: ['domain', 'platform', 'catalog', 'query'],
  why: ['domain', 'platform', 'catalog', 'query', 'offers'],
  plans: ['domain', 'platform', 'configuration', 'catalog', 'query', 'offers'],
  overlay: ['domain', 'platform', 'configuration', 'catalog', 'query', 'offers'],
  cost: ['domain', 'platform', 'catalog', 'query', 'offers'],
  groups: ['domain', 'platform', 'catalog', 'query', 'offers'],
  refresh: ['domain', 'platform', 'catalog', 'backends', 'offers'],
  api: [
    'domain',
    'platform',
    'configuration',
    'catalog',
    'query',
    'offers',
    'why',
    'plans',
    'overlay',
    'cost',
    'groups',
    'backends',
    'refresh',
  ],
  cli: ['domain', 'platform', 'api'],
}

/** One door per package: only files under the given path may import it. */
const doors: Record<string, string> = {
  'better-sqlite3': 'platform/sqlite',
  yaml: 'platform/yaml',
  zod: '(configuration/|overlay/|plans/|backends/(kit/wire|[^/]+/schema))',
  undici: 'platform/http',
  kysely: '(query|catalog|why|groups)/',
  commander: 'cli/',
  'cli-table3': 'cli/',
}

const walls = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `src/${room} may import only: ${[room, ...allowed].join(', ')}.`,
  severity: 'error' as const,
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [room, ...allowed].map((one) => `^src/${one}(/|[.]ts$)`) },
}))

const doorways = Object.entries(doors).map(([name, at]) => ({
  name: `door-${name}`,
  comment: `Only src/${at} may import ${name}.`,
  severity: 'error' as const,
  from: { path: '^src/', pathNot: `^src/${at}` },
  to: { path: `node_modules/(@types/)?${name}/` },
}))

export const layers = {
  forbidden: [
    ...walls,
    ...doorways,
    {
      name: 'unlisted-room',
      severity: 'error',
      comment: 'A new folder under src needs a line in rooms.',
      from: { path: '^src/', pathNot: `^src/(${Object.keys(rooms).join('|')})/` },
      to: {},
    },
    {
      name: 'backends-are-strangers',
      severity: 'error',
      comment: 'What three backends share moves to kit.',
      from: { path: '^src/backends/([^/]+)/', pathNot: '^src/backends/kit/' },
      to: { path: '^src/backends/[^/]+/', pathNot: '^src/backends/($1|kit)/' },
    },
    {
      name: 'kit-knows-no-backend',
      severity: 'error',
      from: { path: '^src/backends/kit/' },
      to: { path: '^src/backends/', pathNot: '^src/backends/kit/' },
    },
    {
      name: 'no-parent-imports',
      severity: 'error',
      comment: 'Another room is #room/file; ../ hides which room it is.',
      from: { path: '(^src/[^/]+/)' },
      to: { path: '^src/', pathNot: '$1', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'domain imports no package and no node builtin.',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['npm', 'core', 'npm-dev'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'must-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
} satisfies IConfiguration
