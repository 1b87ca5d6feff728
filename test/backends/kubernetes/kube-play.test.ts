/** The manifests as another implementation of them runs them: Podman. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kubernetesProvisioner as provisioner } from '#backends/kubernetes/provisioner'
import { importImage, type RunningEngine, startEngine, whyNot } from '../docker/engines.ts'
import {
  attempts,
  machine,
  offerOf,
  planIn,
  requestOf,
  secretValue,
} from '../../machines/requests.ts'
import { until } from '../../machines/until.ts'

const kind = 'podman'
const why = whyNot(kind)
if (why !== null) console.log(`skipped: podman kube play: ${why}`)

const kindOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null ? Reflect.get(body, 'kind') : null

describe.skipIf(why !== null)('manifests in Podman', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kube-play-'))
  let engine: RunningEngine

  const podman = (...command: readonly string[]) => {
    const data = dirname(engine.address.slice('unix://'.length))
    const roots = ['--root', join(data, 'data'), '--runroot', join(data, 'run')]
    return spawnSync(kind, [...roots, ...command], {
      encoding: 'utf8',
      env: { ...process.env, CONTAINERS_CONF: join(data, 'containers.conf') },
    })
  }

  beforeAll(async () => {
    engine = await startEngine(kind)
    await importImage(engine.docker, 'localhost/node:1', true)
  }, 60_000)

  afterAll(async () => {
    podman('pod', 'rm', '--all', '--force', '--time', '0')
    await engine?.stop()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  it('run, with the environment from the secret and within their limits', async () => {
    const command = [
      'exec node -e "console.log(JSON.stringify([process.env.TOKEN, process.cwd()])); setTimeout(() => 0, 1e6)"',
    ]
    const plan = planIn(
      provisioner.plan(
        requestOf(attempts[0], { command, port: 39_731, workingDirectory: '/tmp' }),
        offerOf('kubernetes', machine),
      ),
    )
    const [secret, pod] = ['Secret', 'Pod'].map((kind) =>
      plan.calls.map(({ body }) => body).find((body) => kindOf(body) === kind),
    )
    // Podman 4 plays no secret that it could read again: it takes one as a map of base64.
    const { stringData } = secret as { stringData: Record<string, string> }
    const encoded = Object.entries(stringData).map(([key, value]) => [
      key,
      Buffer.from(value).toString('base64'),
    ])
    const secrets = join(folder, 'secret.json')
    writeFileSync(secrets, JSON.stringify(Object.fromEntries(encoded)))
    expect(podman('secret', 'create', plan.request.name, secrets).status).toBe(0)
    const manifests = join(folder, 'pod.yaml')
    writeFileSync(manifests, JSON.stringify(pod))
    const played = podman('kube', 'play', manifests)
    expect(played.stderr).not.toContain('Error:')
    const name = `${plan.request.name}-main`
    const output = await until(
      async () => podman('logs', name).stdout,
      (text) => text.includes('\n'),
    )
    expect(JSON.parse(output)).toEqual([secretValue, '/tmp'])
    const container = await engine.docker.getContainer(name).inspect()
    expect(container.HostConfig.Memory).toBe(256 * 1024 * 1024)
    expect(container.Config.Labels).toMatchObject({ 'dso-attempt': attempts[0] })
  }, 60_000)
})
