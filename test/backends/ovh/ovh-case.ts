import { createHash } from 'node:crypto'
import { ovh } from '#backends/ovh/backend'
import { type ImporterCase, isRow, rowsUnder } from '../../contract/importer-case.ts'
import type { Asked } from '../../contract/scripted-server.ts'
import { readFixture } from '../read-fixture.ts'

const keys = {
  OVH_APPLICATION_KEY: 'canary-ovh-application-1',
  OVH_APPLICATION_SECRET: 'canary-ovh-secret-2',
  OVH_CONSUMER_KEY: 'canary-ovh-consumer-3',
}

const serverSeconds = 1_795_000_000

/** As the documentation has it: of secret, consumer, method, whole address, body and time. */
const isSigned = ({ headers, path, query, method, body }: Asked): boolean => {
  const address = `http://${headers.host ?? ''}${path}?${query.toString()}`
  const parts = [keys.OVH_APPLICATION_SECRET, keys.OVH_CONSUMER_KEY, method, address, body]
  const digest = createHash('sha1')
    .update([...parts, serverSeconds].join('+'))
    .digest('hex')
  return (
    headers['x-ovh-application'] === keys.OVH_APPLICATION_KEY &&
    headers['x-ovh-consumer'] === keys.OVH_CONSUMER_KEY &&
    headers['x-ovh-timestamp'] === String(serverSeconds) &&
    headers['x-ovh-signature'] === `$1$${digest}`
  )
}

/** With an account in Europe. */
export const ovhCase: ImporterCase = {
  backend: ovh,
  credentials: keys,
  world: (asked) => {
    const subsidiary = asked.query.get('ovhSubsidiary')
    switch (asked.path.replace(/^\/eu/, '')) {
      case '/v1/auth/time':
        return serverSeconds
      case '/v1/cloud/order/rule/availability':
        return isSigned(asked) ? readFixture('ovh', 'regions.json') : undefined
      case '/v1/order/catalog/public/cloud':
        return subsidiary === 'WE' ? readFixture('ovh', 'catalog.json') : undefined
      default:
        return undefined
    }
  },
  oracle: {
    'ovh/GRA11/a100-180/on-demand': '2.75',
    'ovh/GRA9/h100-760/on-demand': '5.6',
    'ovh/BHS5/d2-4/on-demand': '0.0206',
    'ovh/GRA11/b3-8/on-demand': '0.0512',
    'ovh/AF-NORTH-LZ-RBA/b3-8/on-demand': '0.093',
    'ovh/GRA11/c3-8/on-demand': '0.0913',
  },
  rowsOf: (answer) => rowsUnder(answer, 'addons'),
  setPrice: (row, price) => {
    for (const pricing of rowsUnder(row, 'pricings') ?? []) pricing['price'] = price
  },
  setGpu: (row, name) => {
    const blobs = isRow(row['blobs']) ? row['blobs'] : {}
    const technical = isRow(blobs['technical']) ? blobs['technical'] : {}
    if (!isRow(technical['gpu'])) return false
    technical['gpu']['model'] = name
    return true
  },
  errorAnswer: { class: 'Server::InternalServerError', message: 'try again' },
  cutAt: null,
}
