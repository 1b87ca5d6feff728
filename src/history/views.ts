/** The views that `sql` offers, and what their columns mean. */
import { outOfStock, stockLevels, unknownPrice } from '#catalog/tables'

interface ViewColumn {
  readonly name: string
  readonly type: 'text' | 'integer' | 'real'
  /** Says what null stands for where it may be null. */
  readonly meaning: string
}

export interface View {
  readonly name: string
  readonly about: string
  readonly columns: readonly ViewColumn[]
}

const text = (name: string, meaning: string): ViewColumn => ({ name, type: 'text', meaning })
const integer = (name: string, meaning: string): ViewColumn => ({ name, type: 'integer', meaning })
const real = (name: string, meaning: string): ViewColumn => ({ name, type: 'real', meaning })

const identity: readonly ViewColumn[] = [
  text('id', 'backend/region/instance_type/spot|on-demand'),
  text('backend', 'canonical name'),
  text('region', 'null where it is unknown'),
  text('instance_type', 'as the cloud names it'),
]

const machine: readonly ViewColumn[] = [
  real('cpus', 'vCPUs of the machine'),
  integer('memory_mib', 'memory of the machine'),
  text('gpu', 'canonical name; null without accelerators'),
  text('gpu_vendor', 'null without accelerators'),
  integer('gpu_count', '0 without accelerators'),
  integer('gpu_memory_mib', 'memory of one accelerator; null without'),
]

const price = (of: string, prefix = ''): readonly ViewColumn[] => [
  integer(`${prefix}price_nano_usd`, `${of}: 1e-9 USD per instance-hour; null where unknown`),
  text(`${prefix}price_usd`, 'the same as an exact decimal'),
]

export const views: readonly View[] = [
  {
    name: 'offers',
    about: 'every offer of the catalogs as they are, without an overlay',
    columns: [
      ...identity,
      ...machine,
      integer('disk_mib', 'null for a disk of one’s choice'),
      integer('spot', '1 for spot, 0 for on-demand'),
      ...price('the price'),
      text('stock', stockLevels.join(', ')),
      text('source', 'where the price was seen'),
      text('observed_at', 'when the price was seen; RFC 3339, UTC'),
    ],
  },
  {
    name: 'price_changes',
    about: 'every recorded change of an offer, its first sight included',
    columns: [
      ...identity,
      text('gpu', 'as it last was; null without accelerators'),
      integer('gpu_count', 'as it last was'),
      integer('spot', '1 for spot, 0 for on-demand'),
      text('changed_at', 'when the catalog got it; RFC 3339, UTC'),
      text('kind', 'first, price, stock, gone or back'),
      ...price('from then on; the last one where it is gone'),
      ...price('before; null at first sight', 'previous_'),
      text('stock', `${stockLevels.join(', ')}; null where it is gone`),
    ],
  },
  {
    name: 'backends',
    about: 'what the catalogs hold of each backend, and since when changes are recorded',
    columns: [
      text('backend', 'canonical name'),
      text('catalog', 'embedded or user'),
      integer('offers', 'how many'),
      text('oldest_observed_at', 'of its prices; RFC 3339, UTC'),
      text('newest_observed_at', 'of its prices; RFC 3339, UTC'),
      text('recorded_since', 'null where no change is recorded'),
      integer('recorded_changes', 'rows of price_changes'),
    ],
  },
]

/** Null stays null: printf would make it 0. */
const decimal = (nano: string): string =>
  `CASE WHEN ${nano} IS NOT NULL THEN rtrim(rtrim(
     printf('%d.%09d', ${nano} / 1000000000, ${nano} % 1000000000), '0'), '.') END`

const stockName = (stock: string): string =>
  `CASE ${stock} ${stockLevels.map((name, index) => `WHEN ${index} THEN '${name}'`).join(' ')} END`

const idOf = (backend: string, region: string, name: string, spot: string): string =>
  `${backend} || '/' || coalesce(${region}, '?') || '/' || ${name} ||
   CASE ${spot} WHEN 1 THEN '/spot' ELSE '/on-demand' END`

const instant = (seconds: string): string =>
  `strftime('%Y-%m-%dT%H:%M:%SZ', ${seconds}, 'unixepoch')`

/** One catalog file under the name it is attached as, and the backends it answers for. */
export interface ViewedCatalog {
  readonly schema: 'main' | 'own'
  readonly catalog: 'embedded' | 'user'
  readonly backendIds: readonly number[]
}

const offersOf = ({ schema, backendIds }: ViewedCatalog): string => `
  SELECT ${idOf('b.name', "nullif(r.name, '')", 't.name', '(o.variant_id & 1)')},
    b.name, nullif(r.name, ''), t.name,
    t.cpu_milli / 1000.0, t.memory_mib, nullif(g.name, ''), nullif(g.vendor, ''), t.gpu_count,
    nullif(g.memory_mib, 0), t.disk_mib, o.variant_id & 1,
    nullif(o.standing % ${outOfStock}, ${unknownPrice}),
    ${decimal(`nullif(o.standing % ${outOfStock}, ${unknownPrice})`)},
    ${stockName('o.stock')}, s.source, s.observed_at
  FROM ${schema}.offer o
  JOIN ${schema}.instance_type t ON t.id = o.variant_id / 4
  JOIN ${schema}.backend b ON b.id = t.id / 1048576
  JOIN ${schema}.region r ON r.id = o.region_id
  JOIN ${schema}.gpu g ON g.id = t.gpu_id
  JOIN ${schema}.observation s ON s.id = o.observation_id
  WHERE b.id IN (${backendIds.join(', ')})`

const backendsOf = (
  { schema, catalog, backendIds }: ViewedCatalog,
  recorded: readonly [since: string, changes: string],
): string => `
  SELECT b.name, '${catalog}', b.offers, nullif(b.oldest, ''), nullif(b.newest, ''),
    ${recorded.join(', ')}
  FROM ${schema}.backend b WHERE b.id IN (${backendIds.join(', ')})`

const recordedOf: readonly [string, string] = [
  `(SELECT ${instant('min(recorded_at)')} FROM history.generation
      JOIN history.backend h ON h.id = backend_id WHERE h.name = b.name AND complete > 0)`,
  `(SELECT count(*) FROM history.change JOIN history.offer f ON f.id = offer_id
      JOIN history.instance_type i ON i.id = f.instance_type_id
      JOIN history.backend h ON h.id = i.backend_id WHERE h.name = b.name)`,
]

const changes = `
  WITH step AS (
    SELECT offer_id, generation, price, stock,
      row_number() OVER of_offer AS place, lag(price) OVER of_offer AS old_price,
      lag(stock) OVER of_offer AS old_stock
    FROM history.change WINDOW of_offer AS (PARTITION BY offer_id ORDER BY generation))
  SELECT ${idOf('b.name', 'w.text', 't.name', 'f.spot')},
    b.name, w.text, t.name, g.name, m.gpu_count, f.spot, ${instant('n.recorded_at')},
    CASE WHEN place = 1 THEN 'first' WHEN stock IS NULL THEN 'gone' WHEN old_stock IS NULL
      THEN 'back' WHEN price IS NOT old_price THEN 'price' ELSE 'stock' END,
    price, ${decimal('price')}, old_price, ${decimal('old_price')}, ${stockName('stock')}
  FROM step
  JOIN history.generation n ON n.id = step.generation
  JOIN history.offer f ON f.id = step.offer_id
  JOIN history.instance_type t ON t.id = f.instance_type_id
  JOIN history.backend b ON b.id = t.backend_id
  LEFT JOIN history.word w ON w.id = f.region_id
  LEFT JOIN history.machine m ON m.instance_type_id = t.id AND m.generation = (
    SELECT max(generation) FROM history.machine l WHERE l.instance_type_id = t.id)
  LEFT JOIN history.gpu g ON g.id = m.gpu_id`

const noRows = (columns: number): string =>
  `SELECT ${Array.from({ length: columns }, () => 'NULL').join(', ')} WHERE 0`

/** What makes the views over the attached files; `history` is attached where there is one. */
export const viewStatements = (
  catalogs: readonly ViewedCatalog[],
  withHistory: boolean,
): readonly string[] => {
  const bodies = new Map([
    ['offers', catalogs.map(offersOf).join(' UNION ALL ')],
    ['price_changes', withHistory ? changes : noRows(columnsOf('price_changes').length)],
    [
      'backends',
      catalogs
        .map((one) => backendsOf(one, withHistory ? recordedOf : ['NULL', '0']))
        .join(' UNION ALL '),
    ],
  ])
  return views.map(
    ({ name }) =>
      `CREATE TEMP VIEW ${name} (${columnsOf(name).join(', ')}) AS ${bodies.get(name) ?? ''}`,
  )
}

const columnsOf = (name: string): readonly string[] =>
  views.find((view) => view.name === name)?.columns.map((column) => column.name) ?? []
