/** Pebble, a real ACME server for tests, and a name server for which every name is here. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { join } from 'node:path'
import { freePort } from '#platform/listening'
import { makeCertificate, whyNoOpenssl } from './openssl.ts'

const programs = ['/usr/bin/pebble', '/usr/bin/pebble-challtestsrv']

/** Null where it can be run. */
export const whyNoPebble = (): string | null => {
  const missing = programs.filter((path) => !existsSync(path))
  return missing.length === 0 ? whyNoOpenssl() : `no ${missing.join(' and no ')}`
}

const hasOpened = (url: string, ca: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(url, { agent: new Agent({ ca }) }, (response) => {
      response.resume()
      resolve(true)
    })
    request.on('error', () => resolve(false))
  })

const textAt = (url: string, ca: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent: new Agent({ ca }) }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    request.on('error', reject)
  })

export interface Pebble {
  readonly directoryUrl: string
  /** Who certifies the directory. */
  readonly directoryCa: string
  /** Who certifies what it issues, in PEM. */
  root(): Promise<string>
  close(): void
}

/** Proofs are asked for at `httpPort` of this machine, whatever the name. */
export const startPebble = async (folder: string, httpPort: number): Promise<Pebble> => {
  const own = makeCertificate(folder, { file: 'pebble', host: 'localhost' })
  const [acme, management, dns, dnsManagement] = await Promise.all(
    Array.from({ length: 4 }, () => freePort(0)),
  )
  const config = join(folder, 'pebble.json')
  writeFileSync(
    config,
    JSON.stringify({
      pebble: {
        listenAddress: `127.0.0.1:${acme}`,
        managementListenAddress: `127.0.0.1:${management}`,
        certificate: own.certFile,
        privateKey: own.keyFile,
        httpPort,
        tlsPort: 1,
        ocspResponderURL: '',
        externalAccountBindingRequired: false,
      },
    }),
  )
  const children: ChildProcess[] = [
    spawn(
      '/usr/bin/pebble-challtestsrv',
      [
        `-dns01=127.0.0.1:${dns}`,
        `-management=127.0.0.1:${dnsManagement}`,
        '-defaultIPv4=127.0.0.1',
        '-defaultIPv6=',
        '-http01=',
        '-https01=',
        '-tlsalpn01=',
      ],
      { stdio: 'ignore' },
    ),
    spawn('/usr/bin/pebble', ['-config', config, '-dnsserver', `127.0.0.1:${dns}`], {
      // A real directory refuses a nonce now and then, and clients have to bear with it.
      env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '20' },
      stdio: 'ignore',
    }),
  ]
  const directoryUrl = `https://127.0.0.1:${acme}/dir`
  while (!(await hasOpened(directoryUrl, own.cert))) {
    if (children.some(({ exitCode }) => exitCode !== null)) throw new Error('pebble has ended')
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
  return {
    directoryUrl,
    directoryCa: own.cert,
    root: () => textAt(`https://127.0.0.1:${management}/roots/0`, own.cert),
    close: () => {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}
