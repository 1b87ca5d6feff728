/** Engines that are reached over TLS and over the user's own ssh, by the program. */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newSshKeyPair } from '#platform/ssh-keys'
import { pause, type Started, startProgram } from '../../launch/program.ts'
import { type RunningSshd, startSshd, whyNoSshd } from '../../machines/sshd.ts'
import { makeCertificates, whyNoOpenssl } from './certificates.ts'
import { importImage, type RunningEngine, startEngine, whyNot } from './engines.ts'
import { freePort } from './registry.ts'

const isInstalled = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

const whyNoSsh = (): string | null =>
  whyNoSshd() ??
  (['ssh', 'docker'].every(isInstalled) ? null : 'ssh and the docker command are not installed')

const whyNoTls = whyNot('docker') ?? whyNoOpenssl()
const whyNoWay = whyNot('docker') ?? whyNoSsh()
if (whyNoTls !== null) console.log(`skipped: an engine over TLS: ${whyNoTls}`)
if (whyNoWay !== null) console.log(`skipped: an engine over ssh: ${whyNoWay}`)

const image = 'localhost/node:1'
const folder = mkdtempSync(join(tmpdir(), 'elsewhere-'))
const children: Started[] = []

afterEach(() => {
  for (const { process } of children.splice(0)) process.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Environment = Readonly<Record<string, string>>

const start = (words: readonly string[], environment: Environment): Started => {
  const home = join(folder, 'home')
  const given = { DSTACK_OFFERS_HOME: home, DSTACK_OFFERS_BASE_IMAGE: image, DOCKER_TLS_VERIFY: '' }
  const started = startProgram(words, { ...given, ...environment })
  children.push(started)
  return started
}

const run = ['run', 'examples/hello.dstack.yml', '-b', 'docker', '-y', '--no-overlay']

const textAt = (address: string): Promise<string> =>
  new Promise((resolve) => {
    const request = get(address, { agent: false, timeout: 2000 }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      response.on('end', () => resolve(text))
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(''))
  })

const greetingAt = async (address: string): Promise<string> => {
  for (;;) {
    const text = await textAt(address)
    if (text !== '') return text
    await pause()
  }
}

/** Said to run, answering, and gone when it is told to go. */
const expectHello = async (engine: RunningEngine, environment: Environment): Promise<void> => {
  const started = start([...run, '--name', 'hello'], environment)
  const [, address = ''] = await started.until(/listening on (http:\S+)/)
  expect(await greetingAt(address)).toBe('hello from hello\n')
  const books = await start(['ps'], environment).ended()
  expect(books.text).toMatch(/replica 0 +docker .*running/)
  const names = (await engine.docker.listContainers()).flatMap(({ Names }) => Names)
  expect(names).toEqual([expect.stringMatching(/^\/dso-[a-z0-9]{8}-[a-z0-9]{12}$/)])
  started.process.kill('SIGINT')
  expect((await started.ended()).code).toBe(0)
  expect(await engine.docker.listContainers({ all: true })).toEqual([])
}

const refusal = async (environment: Environment): Promise<string> => {
  const { code, text } = await start(run, environment).ended()
  expect(text).not.toContain('internal error')
  expect(code).toBe(5)
  return text
}

const doctor = async (environment: Environment): Promise<string> => {
  const { text } = await start(['doctor'], environment).ended()
  return text.split('\n').find((line) => line.startsWith('docker ')) ?? ''
}

describe('an engine that is not there', () => {
  test.each(['unix:///nowhere/docker.sock', 'tcp://127.0.0.1:1'])('at %s is told', async (host) => {
    const text = await refusal({ DOCKER_HOST: host })
    expect(text).toContain(`the container engine at "${host}`)
    expect(text).toContain('does not answer')
    expect(text).toContain('hint: DOCKER_HOST')
  })
})

describe.skipIf(whyNoTls !== null)('an engine over TLS', () => {
  let engine: RunningEngine
  let ours = ''
  let theirs = ''
  let port = 0
  const at = (certificates: string) => ({
    DOCKER_HOST: `tcp://127.0.0.1:${port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: certificates,
  })

  beforeAll(async () => {
    ours = makeCertificates(join(folder, 'ours'))
    theirs = makeCertificates(join(folder, 'theirs'))
    port = await freePort()
    const files = [
      ['--tlscacert', 'ca.pem'],
      ['--tlscert', 'server-cert.pem'],
      ['--tlskey', 'server-key.pem'],
    ].flatMap(([flag = '', name = '']) => [flag, join(ours, name)])
    engine = await startEngine('docker', ['-H', `tcp://127.0.0.1:${port}`, '--tlsverify', ...files])
    await importImage(engine.docker, image, true)
  }, 60_000)
  afterAll(() => engine?.stop(), 60_000)

  test('runs the example, and stops it', async () => {
    expect(await doctor(at(ours))).toMatch(/^docker +usable/)
    await expectHello(engine, at(ours))
  }, 120_000)

  test('whose authority is another is not spoken to', async () => {
    const text = await refusal(at(theirs))
    expect(text).toContain(`the container engine at "tcp://127.0.0.1:${port}" cannot be used`)
    expect(text).toContain('its certificate is not to be trusted')
    expect(await doctor(at(theirs))).toMatch(/^docker +rejected .*not to be trusted/)
  }, 60_000)

  test('that does not know us says so', async () => {
    const mixed = join(folder, 'mixed')
    mkdirSync(mixed)
    copyFileSync(join(ours, 'ca.pem'), join(mixed, 'ca.pem'))
    for (const name of ['cert.pem', 'key.pem']) copyFileSync(join(theirs, name), join(mixed, name))
    expect(await refusal(at(mixed))).toContain('it does not take the certificate')
  }, 60_000)

  test('that is asked without TLS, or without certificates, says what is missing', async () => {
    const plain = await refusal({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })
    expect(plain).toContain('it speaks TLS: set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH')
    expect(await refusal(at(folder))).toContain('there is no ca.pem where DOCKER_CERT_PATH points')
  }, 60_000)
})

describe.skipIf(whyNoWay !== null)('an engine over ssh', () => {
  let engine: RunningEngine
  let sshd: RunningSshd
  const login = newSshKeyPair('test')
  const tools = join(folder, 'bin')
  const at = (port = sshd.port) => ({
    DOCKER_HOST: `ssh://${sshd.user}@127.0.0.1:${port}`,
    PATH: `${tools}:${process.env['PATH'] ?? ''}`,
  })
  const know = (publicKey: string): void => {
    const host = `[127.0.0.1]:${sshd.port}`
    writeFileSync(join(folder, 'known_hosts'), publicKey === '' ? '' : `${host} ${publicKey}\n`)
  }

  /** The user's own ssh, with settings that are not this user's. */
  const makeSsh = (key: string): void => {
    const settings = [
      'Host *',
      `IdentityFile ${join(folder, key)}`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${join(folder, 'known_hosts')}`,
      'GlobalKnownHostsFile /dev/null',
    ]
    writeFileSync(join(folder, 'ssh_config'), `${settings.join('\n')}\n`)
  }

  beforeAll(async () => {
    engine = await startEngine('docker')
    await importImage(engine.docker, image, true)
    // There, the docker command finds the engine as it is set up for whoever comes in.
    const setUp = [`SetEnv DOCKER_HOST=${engine.address}`]
    sshd = await startSshd(login, newSshKeyPair('host'), setUp)
    mkdirSync(tools)
    const real = spawnSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).stdout.trim()
    const script = `#!/bin/sh\nexec ${real} -F ${join(folder, 'ssh_config')} "$@"\n`
    writeFileSync(join(tools, 'ssh'), script)
    chmodSync(join(tools, 'ssh'), 0o755)
    writeFileSync(join(folder, 'key'), login.privateKey, { mode: 0o600 })
    const stranger = newSshKeyPair('stranger').privateKey
    writeFileSync(join(folder, 'stranger'), stranger, { mode: 0o600 })
    makeSsh('key')
    know(sshd.host.publicKey)
  }, 60_000)
  afterAll(async () => {
    await engine?.stop()
    await sshd?.stop()
  }, 60_000)

  test('runs the example, leads to it, and stops it', async () => {
    expect(await doctor(at())).toMatch(/^docker +usable/)
    await expectHello(engine, at())
  }, 120_000)

  test.each([
    ['is not known', ''],
    ['is another', newSshKeyPair('another').publicKey],
  ])(
    'whose host key %s is not spoken to',
    async (_, publicKey) => {
      know(publicKey)
      const text = await refusal(at())
      expect(text).toContain(`the container engine at "ssh://${sshd.user}@127.0.0.1:${sshd.port}"`)
      expect(text).toContain('shows is not known here, or is another')
      expect(text).toContain('hint: compare its key, and connect once: ssh')
      know(sshd.host.publicKey)
    },
    60_000,
  )

  test('that lets nobody in says so', async () => {
    makeSsh('stranger')
    expect(await refusal(at())).toContain('does not let this user in')
    expect(await doctor(at())).toMatch(/^docker +rejected .*let this user in/)
    makeSsh('key')
  }, 60_000)

  test('that cannot be reached says so', async () => {
    expect(await refusal(at(1))).toContain('cannot be reached over ssh')
  }, 60_000)
})
