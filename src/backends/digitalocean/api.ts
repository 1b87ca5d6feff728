/** DigitalOcean's calls: authorised, their answers checked, lists read to the last page. */
import type { CloudCall, CloudIo } from '#backends/kit/cloud-io'
import { jsonOf } from '#backends/kit/refusals'
import { readWire } from '#backends/kit/wire'
import {
  type Droplet,
  dropletAnswer,
  dropletsAnswer,
  type Firewall,
  firewallsAnswer,
} from './schema.ts'

const perPage = '200'

export const ask = async (
  io: CloudIo,
  call: Pick<CloudCall, 'method' | 'path' | 'query' | 'json'>,
): Promise<unknown> => {
  const secretHeaders = { authorization: `Bearer ${io.credentials['key'] ?? ''}` }
  return jsonOf(await io.call({ ...call, secretHeaders }))
}

export const readDroplet = (value: unknown): Droplet =>
  readWire(dropletAnswer, value, 'digitalocean droplet').droplet

export async function* droplets(
  io: CloudIo,
  query: Readonly<Record<string, string>>,
): AsyncGenerator<Droplet> {
  for (let page = 1; ; page++) {
    const given = { ...query, per_page: perPage, page: String(page) }
    const value = await ask(io, { method: 'GET', path: '/v2/droplets', query: given })
    const answer = readWire(dropletsAnswer, value, 'digitalocean droplets')
    yield* answer.droplets
    if (!answer.links.pages?.next) return
  }
}

export const firewallNamed = async (io: CloudIo, name: string): Promise<Firewall | null> => {
  for (let page = 1; ; page++) {
    const query = { per_page: perPage, page: String(page) }
    const value = await ask(io, { method: 'GET', path: '/v2/firewalls', query })
    const answer = readWire(firewallsAnswer, value, 'digitalocean firewalls')
    const found = answer.firewalls.find((firewall) => firewall.name === name)
    if (found) return found
    if (!answer.links?.pages?.next) return null
  }
}
