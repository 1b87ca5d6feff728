import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gcp } from '#backends/gcp/backend'
import { parseInstanceTypes } from '#catalog/snapshot-rows'
import { type ImporterCase, isRow, type Row, rowsUnder } from '../../contract/importer-case.ts'
import type { Asked } from '../../contract/scripted-server.ts'
import { readFixture } from '../read-fixture.ts'
import { iowa, iowaAccelerators, zoneTpus } from './made-machines.ts'
import { madeSkus, madeTpuSkus } from './price-feed.ts'

const lines = readFileSync('catalogs/gcp/instance-types.csv', 'utf8').trimEnd().split('\n')

/** The machines that come with the program. */
export const knownTypes = new Map(parseInstanceTypes(lines).map((type) => [type.name, type]))

const folder = mkdtempSync(join(tmpdir(), 'canary-gcp-77-'))

const fileWith = (name: string, value: unknown): string => {
  const file = join(folder, name)
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}

export const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const serviceAccountFile = fileWith('account.json', {
  type: 'service_account',
  project_id: 'a-project',
  private_key: keyPair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
  client_email: 'offers@a-project.iam.gserviceaccount.com',
  token_uri: 'https://elsewhere.example/token',
})

export const userFile = fileWith('user.json', {
  type: 'authorized_user',
  client_id: 'a-client',
  client_secret: 'canary-gcp-client-secret-80',
  refresh_token: 'canary-gcp-refresh-81',
})

export const otherFile = fileWith('other.json', { type: 'external_account', audience: 'x' })
export const brokenFile = fileWith('broken.json', '{"type": "service_acc')
export const keylessFile = fileWith('keyless.json', {
  type: 'service_account',
  project_id: 'a-project',
  private_key: 'no key',
  client_email: 'offers@a-project.iam.gserviceaccount.com',
})

const recordedSkus = rowsUnder(readFixture('gcp', 'skus-2023.json'), 'skus') ?? []
const recordedMachines = rowsUnder(readFixture('gcp', 'machine-types-2021.json'), 'items') ?? []

const allSkus: readonly Row[] = [...recordedSkus, ...madeSkus]
const perPage = 60

const skusPage = (rows: readonly Row[], token: string | null): unknown => {
  const start = Number(token ?? '0')
  const next = start + perPage < rows.length ? String(start + perPage) : ''
  return { skus: rows.slice(start, start + perPage), nextPageToken: next }
}

const silentZone = (zone: string): Row => ({
  [`zones/${zone}`]: { warning: { code: 'NO_RESULTS_ON_PAGE', message: 'no results' } },
})

/** Two zones, each on a page of its own, the other there as a warning. */
const machinesPage = (token: string | null): unknown =>
  token === null
    ? {
        items: {
          'zones/us-central1-a': { machineTypes: iowa },
          ...silentZone('europe-west1-b'),
        },
        nextPageToken: 'second',
      }
    : {
        items: {
          ...silentZone('us-central1-a'),
          'zones/europe-west1-b': { machineTypes: recordedMachines },
        },
      }

const world = ({ method, path, query }: Asked): unknown => {
  if (path === '/token/token' && method === 'POST') {
    return { access_token: 'canary-gcp-token-82', expires_in: 3599, token_type: 'Bearer' }
  }
  const token = query.get('pageToken')
  if (path === '/v1/services/6F81-5844-456A/skus') return skusPage(allSkus, token)
  if (path === '/v1/services/E000-3F24-B8AA/skus') return skusPage(madeTpuSkus, token)
  if (path === '/compute/compute/v1/projects/a-project/aggregated/machineTypes') {
    return machinesPage(token)
  }
  if (path === '/compute/compute/v1/projects/a-project/aggregated/acceleratorTypes') {
    return {
      items: {
        'zones/us-central1-a': { acceleratorTypes: iowaAccelerators },
        ...silentZone('europe-west1-b'),
      },
    }
  }
  if (path === '/tpu/v2/projects/a-project/locations') {
    return { locations: [{ locationId: 'us-central1-a' }, { locationId: 'us-east1-b' }] }
  }
  const zone = /^\/tpu\/v2\/projects\/a-project\/locations\/([^/]+)\/acceleratorTypes$/.exec(
    path,
  )?.[1]
  return zone === undefined ? undefined : { acceleratorTypes: zoneTpus[zone] ?? [] }
}

/** The list of the one zone that has rows on a page. */
const zoneRows = (answer: unknown): Row[] | null => {
  if (!isRow(answer) || !isRow(answer['items'])) return null
  for (const scope of Object.values(answer['items'])) {
    const rows = rowsUnder(scope, 'machineTypes') ?? rowsUnder(scope, 'acceleratorTypes')
    if (rows) return rows
  }
  return null
}

/** Usage types that are told by the description alone stay as they are. */
const isOnDemand = (row: Row): boolean =>
  isRow(row['category']) &&
  row['category']['usageType'] === 'OnDemand' &&
  !/Preemptible/.test(String(row['description']))

const accelerated = (row: Row, name: string): boolean => {
  if ('guestCpus' in row) {
    const [told] = rowsUnder(row, 'accelerators') ?? []
    if (told) told['guestAcceleratorType'] = name
    return told !== undefined
  }
  if ('maximumCardsPerInstance' in row) row['name'] = name
  else if ('type' in row) row['type'] = name
  else return false
  return true
}

const oracle = {
  'gcp/us-central1/a2-highgpu-1g/on-demand': '3.673385',
  'gcp/us-central1/a2-highgpu-1g/spot': '1.92802',
  'gcp/us-central1/a2-highgpu-8g/on-demand': '29.38708',
  'gcp/us-central1/a2-highgpu-8g/spot': '15.42416',
  'gcp/us-central1/a2-ultragpu-1g/on-demand': '5.06879789',
  'gcp/us-central1/g2-standard-4/on-demand': '0.706832255',
  'gcp/us-central1/g2-standard-48/on-demand': '4.001665148',
  'gcp/us-central1/g4-standard-48/on-demand': '4.49993',
  'gcp/us-central1/g4-standard-48/spot': '1.79982',
  'gcp/us-central1/g4-standard-6/on-demand': '0.55955625',
  'gcp/us-central1/g4-standard-6/spot': '0.2238035',
  'gcp/us-central1/n1-standard-4/on-demand': '0.189999',
  'gcp/us-central1/n1-standard-4/spot': '0.06701',
  'gcp/us-central1/e2-micro/on-demand': '0.008376428',
  'gcp/us-central1/f1-micro/on-demand': '0.0076',
  'gcp/us-central1/c2-standard-4/on-demand': '0.208808',
  'gcp/us-central1/c3-standard-4-lssd/on-demand': '0.24270389',
  'gcp/us-central1/m2-ultramem-208/on-demand': '42.111936',
  'gcp/us-central1/t2a-standard-1/on-demand': '0.0385',
  'gcp/us-central1/v2-8/on-demand': '4.5',
  'gcp/us-central1/v5litepod-4/on-demand': '4.8',
  'gcp/us-central1/v6e-1/spot': '1.4033',
}

/** With a service account: machines of its zones. */
export const gcpCase: ImporterCase = {
  backend: gcp,
  credentials: { GOOGLE_APPLICATION_CREDENTIALS: serviceAccountFile },
  world,
  oracle,
  rowsOf: (answer) =>
    rowsUnder(answer, 'skus') ?? rowsUnder(answer, 'acceleratorTypes') ?? zoneRows(answer),
  setPrice: (row, price) => {
    if (!isOnDemand(row)) return
    for (const info of rowsUnder(row, 'pricingInfo') ?? []) {
      for (const rate of rowsUnder(info['pricingExpression'], 'tieredRates') ?? []) {
        rate['unitPrice'] = { currencyCode: 'USD', units: price, nanos: 0 }
      }
    }
  },
  setGpu: accelerated,
  errorAnswer: { error: { code: 500, message: 'try again', status: 'INTERNAL' } },
  cutAt: null,
}

/** With an API key: known machines, wherever all their parts have a price. */
export const keyCase: ImporterCase = {
  ...gcpCase,
  credentials: { GOOGLE_CLOUD_API_KEY: 'canary-gcp-key-79' },
  tables: { instanceType: (name) => knownTypes.get(name) ?? null, rate: () => null },
  setGpu: () => false,
}
