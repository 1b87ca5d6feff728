/** A home of its own, a source of prices, and refreshes between them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endpointVariable } from '#backends/kit/endpoint'
import { cloudrift } from '#backends/cloudrift/backend'
import { vultr } from '#backends/vultr/backend'
import type { Offer } from '#domain/offer'
import { heldOffers } from '#refresh/catalog-file'
import { refresh, type RefreshOptions } from '#refresh/refresh'
import type { BackendReport, RefreshReport } from '#refresh/report'
import { cloudriftCase } from '../backends/cloudrift/cloudrift-case.ts'
import { vultrCase } from '../backends/vultr/vultr-case.ts'
import { goodReply } from '../contract/run-importer.ts'
import {
  type Asked,
  type Reply,
  type ScriptedServer,
  startServer,
} from '../contract/scripted-server.ts'
import { newTestClock, type TestClock } from '../contract/test-clock.ts'

export interface World {
  readonly home: string
  readonly environment: Record<string, string>
  readonly clock: TestClock
  readonly servers: { readonly vultr: ScriptedServer; readonly cloudrift: ScriptedServer }
  /** What the sources do from now on; null is the good world. */
  script: { vultr: Script | null; cloudrift: Script | null }
  run(over?: Partial<RefreshOptions>): Promise<RefreshReport>
  held(backend: string): readonly Offer[]
  end(): Promise<void>
}

export type Script = (asked: Asked, good: () => Reply) => Reply

export const newWorld = async (): Promise<World> => {
  const home = mkdtempSync(join(tmpdir(), 'dstack-offers-refresh-'))
  const clock = newTestClock()
  const script: World['script'] = { vultr: null, cloudrift: null }
  const serve = (name: 'vultr' | 'cloudrift') => {
    const one = name === 'vultr' ? vultrCase : cloudriftCase
    return startServer((asked) => {
      const good = (): Reply => goodReply(one, asked)
      return script[name]?.(asked, good) ?? good()
    })
  }
  const servers = { vultr: await serve('vultr'), cloudrift: await serve('cloudrift') }
  const environment = {
    DSTACK_OFFERS_HOME: home,
    [endpointVariable('vultr')]: servers.vultr.url,
    [endpointVariable('cloudrift')]: servers.cloudrift.url,
  }
  return {
    home,
    environment,
    clock,
    servers,
    script,
    run: (over = {}) => refresh({ backends: [vultr, cloudrift], environment, clock, ...over }),
    held: (backend) => heldOffers(join(home, 'catalog.sqlite'), backend),
    end: async () => {
      await servers.vultr.close()
      await servers.cloudrift.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export const reportOf = ({ backends }: RefreshReport, name: string): BackendReport => {
  const found = backends.find(({ backend }) => backend === name)
  if (!found) throw new Error(`no report of "${name}"`)
  return found
}
