/**
 * Checks an answer (a plan, or offers as JSON) against the catalog files that it was made from:
 * `tsx scripts/verify-certificate.ts plan.json dist/catalog.sqlite`. It makes the answer anew from all
 * rows, without the program's code: what matches, and how offers rank, is written here once more.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'

type Mapping = Record<string, unknown>

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const insist = (holds: boolean, name: string, value: unknown): void => {
  if (!holds) throw new TypeError(`${name} is ${canonical(value)}`)
}

/** An object, of exactly these keys where some are given. */
const mapping = (value: unknown, ...keys: string[]): Mapping => {
  const object = isMapping(value) ? value : {}
  const found = Object.keys(object).sort().join()
  insist(object === value && (keys.length === 0 || found === keys.sort().join()), 'object', value)
  return object
}

/** Sorted keys, no blanks. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isMapping(value)) return JSON.stringify(value) ?? 'nothing'
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Prices are nano-USD, 2^50 for an unknown one; `standing` is 2^51 higher when out of stock. */
type Row = Record<'backend' | 'type' | 'gpu' | 'vendor' | 'region' | 'stock', string> &
  Record<'observed_at' | 'offer' | 'machine' | 'figures' | 'seen', string> &
  Record<'rank' | 'cpus' | 'memory_mib' | 'gpu_count' | 'gpu_memory' | 'capability', number> &
  Record<'spot' | 'price' | 'standing', number> & { readonly disk_mib: number | null }

type CatalogRows = ReturnType<typeof readRows>
type Condition = (row: Row) => boolean

const unknown = 2 ** 50
const always: Condition = () => true

const everyOffer = `SELECT *,
    json_object('id', concat_ws('/', backend, place, type, iif(spot, 'spot', 'on-demand')),
      'backend', backend, 'region', nullif(region, ''), 'zone', NULL, 'instance_type', type,
      'cpus', cpus, 'memory_mib', memory_mib, 'gpu', json(CASE WHEN gpu_count > 0 THEN json_object(
        'name', gpu, 'vendor', vendor, 'count', gpu_count, 'memory_mib', gpu_memory) END),
      'disk_mib', disk_mib, 'spot', json(iif(spot, 'true', 'false')), 'availability', stock,
      'source', source, 'observed_at', observed_at) AS offer,
    json_array(type, iif(cpus = CAST(cpus AS INTEGER), CAST(cpus AS INTEGER), cpus), memory_mib,
      json(CASE WHEN gpu_count > 0 THEN json_array(gpu, vendor, gpu_memory, json(iif(capability < 0,
      'null', json_array(capability/1000, capability%1000)))) END), gpu_count, disk_mib, architecture)
    AS machine, concat_ws(char(9), place, spot, iif(price = 1 << 50, '?', price), stock) AS figures,
    char(9) || source || char(9) || observed_at AS seen
  FROM (SELECT backend.id AS rank, backend.name AS backend, type.id AS type_id, type.name AS type,
      cpu_milli / 1000.0 AS cpus, type.memory_mib, gpu_count, disk_mib, architecture, vendor,
      gpu.name AS gpu, gpu.memory_mib AS gpu_memory, coalesce(capability, -1) AS capability,
      region.name AS region, iif(region.name = '', '?', region.name) AS place, source, observed_at,
      variant_id & 1 AS spot, standing, standing & (1 << 51) - 1 AS price,
      json_extract('["unknown","none","low","medium","high"]', '$[' || stock || ']') AS stock
    FROM offer JOIN instance_type type ON type.id = variant_id >> 2
      JOIN backend ON backend.id = type.id >> 20 JOIN gpu ON gpu.id = gpu_id
      JOIN region ON region.id = region_id JOIN observation ON observation.id = observation_id)
  ORDER BY type_id, region, spot`

/** Every offer of the files; a backend in several is read from the one that saw it last. */
export const readRows = (databases: readonly Database.Database[]) => {
  const chosen = new Map<string, { newest: string; rows: Row[] }>()
  for (const database of databases) {
    const rows = database.prepare<[], Row>(everyOffer).all()
    for (const name of database.prepare<[], string>('SELECT name FROM backend').pluck().all()) {
      const own = rows.filter((row) => row.backend === name)
      const newest =
        own
          .map((row) => row.observed_at)
          .sort()
          .at(-1) ?? ''
      if (newest >= (chosen.get(name)?.newest ?? '')) chosen.set(name, { newest, rows: own })
    }
  }
  const digests = [...chosen].map(([name, { rows }]) => `${name} ${digestOf(name, rows)}\n`)
  const rows = [...chosen.values()].flatMap((backend) => backend.rows).sort(byRank)
  return { digest: sha256(digests.sort().join('')), backends: chosen.size, rows }
}

/** Machines by name, each with its offers by region and spot; what was seen where it changes. */
const digestOf = (backend: string, rows: readonly Row[]): string => {
  let [text, machine, seen] = [`${backend}\n`, '', '']
  for (const row of rows) {
    insist(row.standing === row.price + (row.stock === 'none' ? 2 ** 51 : 0), 'standing', row)
    if (machine !== row.machine) [text, seen] = [`${text}${row.machine}\n`, '']
    text += `${row.figures}${seen === row.seen ? '' : row.seen}\n`
    ;[machine, seen] = [row.machine, row.seen]
  }
  return sha256(text)
}

const within = (range: unknown, of: (row: Row) => number | null, round = Math.round): Condition => {
  if (range === null) return always
  const { min, max } = mapping(range, 'min', 'max')
  const least = min === null ? -Infinity : round(Number(min))
  const most = max === null ? Infinity : round(Number(max))
  for (const end of [min, max]) insist(end === null || typeof end === 'number', 'range', range)
  return (row) => (of(row) ?? least) >= least && (of(row) ?? most) <= most
}

/** Case makes no difference; what has no name is in no list. */
const among = (list: unknown, of: (row: Row) => string): Condition => {
  if (list === null) return always
  const names = new Set(Array.isArray(list) ? list.map((name) => String(name).toLowerCase()) : [])
  insist(Array.isArray(list) && list.every((name) => typeof name === 'string'), 'list', list)
  return (row) => of(row) !== '' && names.has(of(row).toLowerCase())
}

const accelerated = (wanted: unknown): Condition => {
  if (wanted === null) return always
  const keys = ['names', 'vendors', 'count', 'memory_mib', 'total_memory_mib', 'compute_capability']
  const gpu = mapping(wanted, ...keys)
  const { count, compute_capability: capability } = gpu
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(String(capability)) ?? []
  const least = capability === null ? -1 : Number(major) * 1000 + Number(minor)
  insist(least >= -1, 'compute capability', capability)
  const all = [
    among(gpu['names'], (row) => row.gpu),
    among(gpu['vendors'], (row) => row.vendor),
    within(count, (row) => row.gpu_count, Number),
    within(gpu['memory_mib'], (row) => row.gpu_memory),
    within(gpu['total_memory_mib'], (row) => row.gpu_memory * row.gpu_count),
    (row: Row) => row.capability >= least,
  ]
  const mayLack = mapping(count)['min'] === 0
  return (row) => (mayLack && row.gpu === '') || all.every((holds) => holds(row))
}

/** As a range of nano-USD: an unknown price is above every limit. */
const upTo = (limit: unknown): unknown => {
  if (limit === null) return null
  const { amount, currency, per } = mapping(limit, 'amount', 'currency', 'per')
  const [, whole, part = ''] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(String(amount)) ?? []
  insist(whole !== undefined && currency === 'USD' && per === 'instance_hour', 'price', limit)
  return { min: null, max: Math.min(Number(whole + part.padEnd(9, '0')), unknown - 1) }
}

const conditionOf = (requirements: unknown): Condition => {
  const keys = ['cpus', 'memory_mib', 'disk_mib', 'gpu', 'spot', 'max_price', 'backends', 'regions']
  const asked = mapping(requirements, ...keys, 'instance_types')
  const spot = asked['spot']
  insist(spot === null || typeof spot === 'boolean', 'spot', spot)
  const all = [
    within(asked['cpus'], (row) => row.cpus, Number),
    within(asked['memory_mib'], (row) => row.memory_mib),
    within(asked['disk_mib'], (row) => row.disk_mib),
    accelerated(asked['gpu']),
    spot === null ? always : (row: Row) => row.spot === Number(spot),
    within(upTo(asked['max_price']), (row) => row.price),
    among(asked['backends'], (row) => row.backend),
    among(asked['regions'], (row) => row.region),
    among(asked['instance_types'], (row) => row.type),
  ].filter((condition) => condition !== always)
  return (row) => all.every((holds) => holds(row))
}

const order = ['available', 'price', 'backend', 'instance_type', 'spot', 'region']
const byText = (left: string, right: string): number => (left < right ? -1 : Number(left > right))

const byRank = (left: Row, right: Row): number =>
  left.standing - right.standing ||
  left.rank - right.rank ||
  byText(left.type, right.type) ||
  left.spot - right.spot ||
  byText(left.region, right.region)

const money = (nano: number): string | null => {
  const digits = String(nano).padStart(10, '0')
  return nano === unknown ? null : digits.replace(/\d{9}$/, '.$&').replace(/\.?0+$/, '')
}

const offerOf = (row: Row, rank: number): Mapping => {
  const price = { amount: money(row.price), currency: 'USD', per: 'instance_hour' }
  return { rank, price, ...mapping(JSON.parse(row.offer)) }
}

const boundOf = (row: Row): Mapping => {
  const { backend, instance_type, spot, region } = mapping(JSON.parse(row.offer))
  const [available, price] = [row.stock !== 'none', money(row.price)]
  return { available, price, backend, instance_type, spot, region }
}

/** The answer as it should be: what was asked is taken from it, the rest from the catalog. */
const answerOf = (given: Mapping, { digest, backends, rows }: CatalogRows): Mapping => {
  const { kind, requirements, configuration, tool, replicas, price_range } = given
  const limit = Number(mapping(given['certificate'])['limit'])
  insist(Number.isSafeInteger(limit) && limit >= 0, 'limit', limit)
  const found = rows.filter(conditionOf(requirements))
  const offers = found.slice(0, limit || undefined)
  const [last, matched, shown] = [offers.at(-1), found.length, offers.length]
  const asked = { requirements_digest: sha256(canonical(requirements)), limit }
  const digests = { ...asked, catalog_digest: digest, overlay_digest: null }
  const counts = { considered: rows.length, matched, shown }
  const certificate = { order, ...digests, ...counts, bound: last ? boundOf(last) : null }
  const listed = offers.map((row, index) => offerOf(row, index + 1))
  const base = { format_version: '1.0', kind, requirements, certificate }
  if (kind === 'offers') {
    const catalog = { ...mapping(given['catalog']), digest, backends, offers: rows.length }
    const said = Array.isArray(given['offers']) ? given['offers'] : []
    const open = listed.map((offer, at) => ({ ...mapping(said[at] ?? {}), ...offer }))
    const shares = { matched, shown, hidden: matched - shown }
    return { ...given, ...base, catalog, counts: shares, offers: open }
  }
  const plan = { ...base, kind: 'plan', catalog: { digest }, overlay: null, attempts: listed }
  for (const unchecked of [tool, replicas, price_range]) mapping(unchecked)
  const { normalized = null } = configuration === null ? {} : mapping(configuration)
  const file = configuration && { digest: sha256(canonical(normalized)), normalized }
  const own = { configuration: file, digest: sha256(canonical({ ...given, digest: '' })) }
  return { ...plan, tool, replicas, price_range, ...own }
}

const differences = (given: unknown, due: unknown, path: string): readonly string[] => {
  if (isMapping(given) && isMapping(due)) {
    const keys = new Set([...Object.keys(due), ...Object.keys(given)])
    return [...keys].flatMap((key) => differences(given[key], due[key], `${path}/${key}`))
  }
  if (Array.isArray(given) && Array.isArray(due) && given.length === due.length)
    return due.flatMap((item, at) => differences(given[at], item, `${path}/${at}`))
  if (canonical(given) === canonical(due)) return []
  return [`${path}: ${canonical(given).slice(0, 80)}, not ${canonical(due).slice(0, 80)}`]
}

/** What is wrong. A plan's tool and price range are not checked, nor what else offers may say. */
export const verifyAnswer = (answer: unknown, catalog: CatalogRows): readonly string[] => {
  try {
    return differences(answer, answerOf(mapping(answer), catalog), '')
  } catch (error) {
    return [`the answer cannot be checked: ${String(error)}`]
  }
}

if (process.argv[1] === import.meta.filename) {
  const [file = '', ...catalogs] = process.argv.slice(2)
  const rows = readRows(catalogs.map((path) => new Database(path, { readonly: true })))
  const wrong = verifyAnswer(JSON.parse(readFileSync(file, 'utf8')), rows)
  console.log(wrong.length === 0 ? 'the answer holds' : wrong.join('\n'))
  process.exitCode = Math.min(wrong.length, 1)
}
