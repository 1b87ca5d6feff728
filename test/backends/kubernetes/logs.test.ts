/** What a pod writes, as it comes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kubernetesProvisioner as provisioner } from '#backends/kubernetes/provisioner'
import { until } from '../../machines/until.ts'
import { type InCluster, openInCluster, planFor } from './in-cluster.ts'
import { recorded } from './recorded.ts'

describe('what a pod writes', () => {
  let bench: InCluster

  beforeEach(async () => {
    bench = await openInCluster()
  })
  afterEach(() => bench.close())

  const read = async (
    ref: Awaited<ReturnType<InCluster['start']>>,
    follow: boolean,
    signal = new AbortController().signal,
  ) => {
    let text = ''
    for await (const chunk of provisioner.logs?.(bench.io(), ref, { follow, signal }) ?? [])
      text += chunk
    return text
  }

  it('is what there is so far', async () => {
    const ref = await bench.start()
    bench.cluster.log(ref.id).write('one\ntwo\n')
    expect(await read(ref, false)).toBe('one\ntwo\n')
  })

  it('is followed until the command has ended, whatever letters are cut in two', async () => {
    const ref = await bench.start()
    const log = bench.cluster.log(ref.id)
    log.write('one\n')
    const pieces: string[] = []
    const { signal } = new AbortController()
    for await (const piece of provisioner.logs?.(bench.io(), ref, { follow: true, signal }) ?? []) {
      pieces.push(piece)
      if (pieces.length === 1) log.write('zwei ü\n')
      else log.end()
    }
    expect(pieces).toEqual(['one\n', 'zwei ü\n'])
  })

  it('is followed no further when it is told to stop', async () => {
    const ref = await bench.start()
    const log = bench.cluster.log(ref.id)
    log.write('one\n')
    const controller = new AbortController()
    const text = read(ref, true, controller.signal)
    await until(
      async () => log.followers,
      (count) => count === 1,
    )
    controller.abort()
    expect(await text).toBe('one\n')
    await until(
      async () => log.followers,
      (count) => count === 0,
    )
  })

  it('is none before a node has the pod, as recorded, and is waited for', async () => {
    expect(recorded('log before scheduling').response.status).toBe(204)
    const { ref } = await provisioner.create(bench.io(), planFor())
    expect(await read(ref, false)).toBe('')
    const followed = read(ref, true)
    const isAsked = () => bench.cluster.calls.filter(({ path }) => path.endsWith('/log')).length
    await until(
      async () => isAsked(),
      (count) => count > 1,
    )
    bench.cluster.setPod(ref.id, { status: { phase: 'Running' }, nodeName: 'gpu-1' })
    bench.cluster.log(ref.id).write('late\n')
    bench.cluster.log(ref.id).end()
    expect(await followed).toBe('late\n')
  })

  it('is none where its container waits, nor of a pod that is gone', async () => {
    const ref = await bench.start()
    const message = `container "main" in pod "${ref.id}" is waiting to start: ContainerCreating`
    bench.cluster.intercept = ({ path }) =>
      path.endsWith('/log')
        ? { status: 400, json: { kind: 'Status', reason: 'BadRequest', message, code: 400 } }
        : null
    expect(await read(ref, false)).toBe('')
    bench.cluster.intercept = null
    expect(await read({ ...ref, id: 'gone' }, true)).toBe('')
  })
})
