/** The file of hosts in the catalog. No host is asked: whether one is free is seen when it is taken. */
import { join } from 'node:path'
import { BackendUnusableError } from '#domain/errors'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import type { Readiness } from '#backends/kit/readiness'
import { sealPages } from '#backends/kit/seal'
import type { Environment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import { configurationHome } from '#platform/home'
import { hostsOf } from './hosts.ts'
import { offerOfHost } from './inventory.ts'
import type { Host } from './schema.ts'

export interface HostsPage extends ImportPage {
  readonly hosts: readonly Host[]
}

const list = 'hosts'
const variable = 'DSTACK_OFFERS_SSH_HOSTS'

/** Before the path: values are starred out of messages, and a path is what helps there. */
const prefix = 'file '

/** A file that the variable names must be there; the usual one need not. */
const readiness = (environment: Environment): Readiness => {
  const named = environment[variable]?.trim()
  if (named) return { status: 'ready', values: { hosts: `${prefix}${named}` } }
  const usual = join(configurationHome(environment), 'hosts.yml')
  return systemFiles.exists(usual)
    ? { status: 'ready', values: { hosts: `${prefix}${usual}` } }
    : { status: 'missing', names: [variable] }
}

async function* fetchPages({ credentials, observation }: ImportIo): AsyncGenerator<HostsPage> {
  const path = (credentials['hosts'] ?? '').slice(prefix.length)
  if (!systemFiles.exists(path)) {
    throw new BackendUnusableError(`there is no file of hosts "${path}"`, {
      hint: `correct ${variable}`,
    })
  }
  const hosts = hostsOf({ credentials: { hosts: path } })
  yield {
    hosts,
    malformed: [],
    observation,
    account: {
      list,
      index: 0,
      key: list,
      rows: hosts.length,
      total: null,
      cutAt: null,
      more: false,
      announces: [],
    },
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
