/**
 * What the gateway costs: against the same upstream directly, a small undici proxy, and nginx where it
 * is installed, in one run. Each is a process of its own on one core; load and upstream have the other.
 * This file is also the program of those processes: its first argument says which.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { hash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { defaultFrontLimits, newFront } from '#gateway/front'
import { newGateway } from '#gateway/gateway'
import { median, quantile } from './statistics.ts'

const nginx = '/usr/sbin/nginx'
const token = 'bench-token'
const subjects = ['direct', 'gateway', 'undici', 'nginx'] as const
type Subject = (typeof subjects)[number]

const say = (server: Server): Server =>
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))

/** `/stream` begins at once and ends after a while, `/open` stays open, all else is small. */
const upstream = (): void => {
  const small = Buffer.from('{"ok":true}')
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume()
    if (request.url === '/open' || request.url === '/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
      if (request.url === '/stream') setTimeout(() => response.end('data: 2\n\n'), 5)
    } else response.writeHead(200, { 'content-length': small.length }).end(small)
  })
  say(server)
}

const passed = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
  const { connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, ...rest } = headers
  return rest
}

/** What a careful person writes in an evening: nothing but passing on. */
const undiciProxy = (port: number): void => {
  const pool = new Pool(`http://127.0.0.1:${port}`)
  const server = createServer((request, response) => {
    const { method = 'GET', url: path = '/' } = request
    const body = method === 'GET' || method === 'HEAD' ? null : request
    pool.stream(
      { method, path, headers: passed(request.headers), body },
      ({ statusCode, headers }) => response.writeHead(statusCode, passed(headers)),
      (error) => void (error && response.destroy()),
    )
  })
  say(server)
}

const gatewayProxy = (port: number): void => {
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
  const known = digest(`Bearer ${token}`)
  const gateway = newGateway({
    domain: 'bench.test',
    identify: (authorization) =>
      authorization !== undefined && timingSafeEqual(digest(authorization), known)
        ? { tokenId: 'bench', mayUse: () => true }
        : null,
    models: () => Promise.resolve(),
    limits: {},
    clock: { nowMs: () => Date.now(), sleep: (ms, signal) => sleep(ms, undefined, { signal }) },
    events: { counted: () => {}, answered: () => {}, ejected: () => {}, returned: () => {} },
  })
  const replicas = [{ id: 'one', replica: 0, host: '127.0.0.1', port }]
  gateway.update([{ runId: 'web', run: 'web', submittedMs: 0, auth: true, model: null, replicas }])
  say(newFront({ gateway, limits: defaultFrontLimits, tls: null }))
}

const roles: Record<string, (port: number) => void> = {
  direct: upstream,
  undici: undiciProxy,
  gateway: gatewayProxy,
}

const pinned = (core: number, command: readonly string[]): readonly string[] =>
  existsSync('/usr/bin/taskset') && cpus().length > 1
    ? ['taskset', '-c', `${core}`, ...command]
    : command

const started: ChildProcess[] = []

const launch = (core: number, command: readonly string[]): ChildProcess => {
  const [file = '', ...rest] = pinned(core, command)
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  return child
}

interface Target {
  readonly name: Subject
  readonly port: number
  readonly pid: number
}

const launchRole = async (name: Subject, core: number, port: number): Promise<Target> => {
  const node = [process.execPath, ...'--import tsx -C source'.split(' ')]
  const child = launch(core, [...node, fileURLToPath(import.meta.url), name, `${port}`])
  if (child.stdout === null) throw new Error('no output to read the port from')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { name, port: Number(line), pid: child.pid ?? 0 }
}

const launchNginx = async (upstreamPort: number): Promise<Target> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'))
  const port = 20_000 + (process.pid % 10_000)
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 8192; }
http { access_log off; keepalive_requests 1000000000;
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream up { server 127.0.0.1:${upstreamPort}; keepalive 256; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:${port}; location / {
    proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } } }`,
  )
  const child = launch(0, [nginx, '-p', folder, '-c', config])
  await sleep(500)
  return { name: 'nginx', port, pid: child.pid ?? 0 }
}

const headOf = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: web.bench.test\r\nAuthorization: Bearer ${token}\r\n\r\n`

/** Milliseconds from the request to the answer's first byte of body, at a constant rate. */
const latencies = async (port: number, path: string, perSecond: number) => {
  const idle: Socket[] = []
  const took: number[] = []
  const head = headOf(path)
  const end = path === '/stream' ? '0\r\n\r\n' : '{"ok":true}'
  const dial = (): Socket => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    return socket.on('error', () => socket.destroy())
  }
  const send = (): void => {
    const socket = idle.pop() ?? dial()
    const sentMs = performance.now()
    let first = true
    const read = (chunk: Buffer): void => {
      const text = chunk.toString('latin1')
      if (first && (text.includes('data: 1') || text.endsWith(end))) {
        first = false
        took.push(performance.now() - sentMs)
      }
      if (!text.endsWith(end)) return
      socket.off('data', read)
      idle.push(socket)
    }
    socket.on('data', read)
    socket.write(head)
  }
  for (let count = 0; count < 32; count++) idle.push(dial())
  const beginMs = performance.now()
  for (let sent = 0; sent < perSecond * 4;) {
    const due = Math.floor(((performance.now() - beginMs) / 1000) * perSecond)
    for (; sent < due; sent++) send()
    await sleep(1)
  }
  await sleep(200)
  for (const socket of idle) socket.destroy()
  return took.slice(took.length >> 3)
}

/** Requests per second that `wrk` gets through 64 connections, and that none of them failed. */
const saturation = (port: number, seconds: number): number => {
  const wrk = ['wrk', '-t1', '-c64', `-d${seconds}s`, '-H', 'Host: web.bench.test', '-H', `Authorization: Bearer ${token}`, `http://127.0.0.1:${port}/`] // prettier-ignore
  const [file = '', ...rest] = pinned(1, wrk)
  const text = execFileSync(file, rest, { encoding: 'utf8' })
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`requests failed:\n${text}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1])
}

const residentMib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

const openStreams = async (port: number, count: number): Promise<readonly Socket[]> => {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  await Promise.all(
    sockets.map(async (socket) => {
      await once(socket, 'connect')
      socket.write(headOf('/open'))
      await once(socket, 'data')
    }),
  )
  return sockets
}

const memory = async ({ port, pid }: Target): Promise<void> => {
  const wanted = 500_000
  for (let done = 0; done < wanted;) {
    done += saturation(port, 10) * 10
    console.log(
      `  after ${done.toFixed(0).padStart(7)} requests   ${residentMib(pid).toFixed(0)} MiB`,
    )
  }
  const streams = await openStreams(port, 2000)
  console.log(`  with 2000 open streams   ${residentMib(pid).toFixed(0)} MiB`)
  for (const socket of streams) socket.destroy()
  await sleep(1000)
  saturation(port, 5)
  console.log(`  after them               ${residentMib(pid).toFixed(0)} MiB`)
}

const rounds = 3

const figures = async (
  targets: readonly Target[],
  measure: (target: Target) => Promise<readonly number[]>,
) => {
  const all = new Map<Subject, (readonly number[])[]>()
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) {
      all.set(target.name, [...(all.get(target.name) ?? []), await measure(target)])
    }
  }
  const of = (name: Subject, share: number): number =>
    median((all.get(name) ?? []).map((took) => quantile(took, share)))
  for (const { name } of targets) {
    const added = [0.5, 0.99].map((share) => of(name, share) - of('direct', share))
    const more = name === 'direct' ? '' : `   added ${added.map((ms) => ms.toFixed(2)).join(' / ')}`
    console.log(
      `  ${name.padEnd(8)} p50 ${of(name, 0.5).toFixed(2)}   p99 ${of(name, 0.99).toFixed(2)}${more}`,
    )
  }
}

/** Processor time so far, in microseconds: told apart even on a busy machine. */
const processorUs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

const throughput = (targets: readonly Target[]): void => {
  const rates = new Map<Subject, number[]>()
  const costs = new Map<Subject, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const { name, port, pid } of targets) {
      const beforeUs = processorUs(pid)
      const perSecond = saturation(port, 4)
      const costUs = (processorUs(pid) - beforeUs) / (perSecond * 4)
      rates.set(name, [...(rates.get(name) ?? []), perSecond])
      costs.set(name, [...(costs.get(name) ?? []), costUs])
    }
  }
  const of = (name: Subject): number => median(rates.get(name) ?? [])
  const costOf = (name: Subject): number => median(costs.get(name) ?? [])
  for (const { name } of targets) {
    const cost = name === 'nginx' ? '' : `   ${costOf(name).toFixed(0)} µs of processor each`
    console.log(`  ${name.padEnd(8)} ${of(name).toFixed(0).padStart(6)} requests/s${cost}`)
  }
  const share = (name: Subject): string => (of('gateway') / of(name)).toFixed(2)
  console.log(
    `  gateway : undici proxy   ${share('undici')} x, by processor time ${(costOf('undici') / costOf('gateway')).toFixed(2)} x`,
  )
  if (rates.has('nginx')) console.log(`  gateway : nginx          ${share('nginx')} x`)
}

/** Prints; `full` adds half a million requests and two thousand open streams. */
export const gatewayOverhead = async (full: boolean): Promise<void> => {
  try {
    const direct = await launchRole('direct', 1, 0)
    const gateway = await launchRole('gateway', 0, direct.port)
    const targets = [direct, gateway, await launchRole('undici', 0, direct.port)]
    if (existsSync(nginx)) targets.push(await launchNginx(direct.port))
    else console.log(`  no ${nginx}: nginx is left out`)
    console.log('\nGateway: milliseconds at 1,000 requests/s, keep-alive, medians of 3 rounds\n')
    await figures(targets, ({ port }) => latencies(port, '/', 1000))
    console.log('\nGateway: milliseconds to the first event of a stream, 100 streams/s\n')
    await figures(targets, ({ port }) => latencies(port, '/stream', 100))
    if (existsSync('/usr/bin/wrk')) {
      console.log('\nGateway: saturation, one core, 64 connections\n')
      throughput(targets)
      if (full) {
        console.log('\nGateway: memory\n')
        await memory(gateway)
      }
    } else console.log('\n  no wrk: saturation and memory are left out')
  } finally {
    for (const child of started) child.kill()
  }
}

const [, file, role, port] = process.argv
if (role !== undefined && file === fileURLToPath(import.meta.url)) roles[role]?.(Number(port))
