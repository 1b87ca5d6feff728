/** What the tests of this backend do with a cluster in memory, again and again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallContext } from '#backends/kit/provisioner'
import { kubernetesProvisioner as provisioner } from '#backends/kubernetes/provisioner'
import type { InstanceRef, Verdict } from '#domain/launch'
import { readTextFile } from '#platform/text-files'
import {
  attempts,
  ioWith,
  machine,
  offerOf,
  owner,
  planIn,
  requestOf,
} from '../../machines/requests.ts'
import { FakeCluster } from './fake-cluster.ts'
import { kubeconfigIn } from './kubeconfig.ts'

export const offer = offerOf('kubernetes', { ...machine, name: 'e2-standard-8' })

export const planFor = (attempt: string = attempts[0], over = {}) =>
  planIn(provisioner.plan(requestOf(attempt, over), offer))

/** How a failing call is understood; throws where it does not fail. */
export const verdictOf = async (
  work: Promise<unknown>,
  during: CallContext['during'] = 'create',
): Promise<Verdict> => {
  const outcome = await work.then(
    () => null,
    (error: unknown) => ({ error }),
  )
  if (outcome === null) throw new Error('it did not fail')
  return provisioner.classify(outcome.error, { during, spot: false })
}

export const openInCluster = async () => {
  const cluster = new FakeCluster()
  const url = await cluster.start()
  const folder = mkdtempSync(join(tmpdir(), 'in-cluster-'))
  const io = () =>
    ioWith(
      { kubeconfig: kubeconfigIn(folder, url) },
      { secretFile: readTextFile, sleep: async () => undefined },
    )
  return {
    cluster,
    url,
    io,
    /** A pod that runs on a node. */
    start: async (attempt: string = attempts[0]): Promise<InstanceRef> => {
      const { ref } = await provisioner.create(io(), planFor(attempt))
      cluster.setPod(ref.id, { status: { phase: 'Running' }, nodeName: 'gpu-1' })
      return ref
    },
    namesListed: async (): Promise<readonly string[]> => {
      const names: string[] = []
      for await (const one of provisioner.list(io(), owner)) {
        names.push(
          'instance' in one ? one.instance.ref.id : `${one.sideObject.kind} ${one.sideObject.id}`,
        )
      }
      return names
    },
    close: async (): Promise<void> => {
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type InCluster = Awaited<ReturnType<typeof openInCluster>>
