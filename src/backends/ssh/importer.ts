/** The file of hosts in the catalog. No host is asked: whether one is free is seen when it is taken. */
import { BackendUnusableError } from '#domain/errors'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import type { Readiness } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import type { Environment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import { hostsFile, hostsVariable } from './hosts-file.ts'
import { hostsOf } from './hosts.ts'
import { offerOfHost } from './inventory.ts'
import type { Host } from './schema.ts'

export interface HostsPage extends ImportPage {
  readonly hosts: readonly Host[]
}

const list = 'hosts'

/** Before the path: values are starred out of messages, and a path is what helps there. */
const prefix = 'file '

const readiness = (environment: Environment): Readiness => {
  const file = hostsFile(environment)
  return file === null
    ? { status: 'missing', names: [hostsVariable] }
    : { status: 'ready', values: { hosts: `${prefix}${file}` } }
}

async function* fetchPages({ credentials, observation }: ImportIo): AsyncGenerator<HostsPage> {
  const path = (credentials['hosts'] ?? '').slice(prefix.length)
  if (!systemFiles.exists(path)) {
    throw new BackendUnusableError(`there is no file of hosts "${path}"`, {
      hint: `correct ${hostsVariable}`,
    })
  }
  const hosts = hostsOf({ credentials: { hosts: path } })
  yield {
    hosts,
    malformed: [],
    observation,
    account: wholeList(list, hosts.length),
  }
}

const toOffers = ({ hosts, observation: { observedAt } }: HostsPage): PageOffers => ({
  offers: hosts.map((host) => offerOfHost(host, observedAt)),
  rejects: [],
})

export const sshImporter: Importer<HostsPage> = {
  traits: {
    kind: 'hosts',
    ttlSeconds: 24 * 3600,
    limit: { intervalMs: 0, atOnce: 1 },
    gives: { spot: false, stock: false, region: true },
    emptyResult: 'valid',
    credentials: 'required',
  },
  readiness,
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'valid' }),
}
