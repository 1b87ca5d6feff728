/**
 * Keys of dstack versions after 0.18, and what takes their place here; empty where nothing does.
 * They are refused, for a key that is silently left out would change what a run costs.
 */
const atRoot: Readonly<Record<string, string>> = {
  name: 'a run is named on the command line',
  retry: 'use retry_policy',
  idle_duration: 'use termination_idle_time',
  inactivity_duration: '',
  fleets: 'use pool_name',
  instances: 'use instance_name',
  volumes: '',
  gateway: '',
  https: '',
  strip_prefix: '',
  probes: '',
  rate_limits: '',
  groups: 'use replicas',
  router: '',
  priority: '',
  tags: '',
  schedule: '',
  nvcc: 'install it in commands: conda install cuda',
  docker: '',
  privileged: '',
  user: '',
  shell: '',
  working_dir: 'start commands with cd',
  files: '',
  repos: '',
  single_branch: '',
  availability_zones: 'use regions',
  reservation: '',
  backend_options: '',
  stop_duration: '',
  utilization_policy: '',
  startup_order: '',
  stop_criteria: '',
  dstack: '',
  env_file: '',
}

const nested: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scaling: { window: '' },
  gpu: { vendor: 'name the GPUs with name' },
  cpu: { arch: '', count: 'write the number or range itself' },
  retry_policy: { on_events: '' },
}

/** Keys of 0.18 that stand elsewhere. */
const elsewhere: Readonly<Record<string, string>> = {
  ports: 'a service has one port: use port',
  port: 'tasks and dev environments have ports',
  nodes: 'only tasks have nodes',
  default: 'only profiles have default',
  ide: 'only dev environments have ide',
  init: 'only dev environments have init',
  replicas: 'only services have replicas',
  scaling: 'only services have scaling',
  model: 'only services have model',
  auth: 'only services have auth',
  commands: 'a dev environment has init',
  resources: 'profiles have no resources; put them in the configuration',
  env: 'profiles have no env; put it in the configuration',
}

const own = (table: Readonly<Record<string, string>> | undefined, key: string) =>
  table && Object.hasOwn(table, key) ? table[key] : undefined

/** What to say of an unknown key, when it is known from somewhere else; `path` leads to its level. */
export const adviseOnKey = (
  path: readonly (string | number)[],
  key: string,
): { message?: string; hint: string } | null => {
  const level = path.findLast((step) => typeof step === 'string')
  const atTop = path.length === 0 || level === 'profiles'
  const substitute = own(atTop ? atRoot : nested[level ?? ''], key)
  if (substitute !== undefined)
    return {
      message: `key "${key}" belongs to a later dstack`,
      hint: substitute === '' ? '0.18 has none' : substitute,
    }
  const place = atTop ? own(elsewhere, key) : undefined
  return place === undefined ? null : { hint: place }
}
