/** Kubernetes' spelling, as far as it is read. */
import * as z from 'zod/mini'
import { looseRows, optional, readWire } from '#backends/kit/wire'
import { jsonOf } from '#backends/kit/refusals'
import type { CloudAnswer } from '#backends/kit/cloud-io'

const texts = z.record(z.string(), z.string())

const metadata = z.object({
  name: z.string(),
  uid: z.string(),
  labels: optional(texts),
  annotations: optional(texts),
  deletionTimestamp: optional(z.string()),
})

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: optional(z.string()),
  message: optional(z.string()),
  lastTransitionTime: optional(z.string()),
})

const containerState = z.object({
  waiting: optional(z.object({ reason: optional(z.string()), message: optional(z.string()) })),
  running: optional(z.object({ startedAt: optional(z.string()) })),
  terminated: optional(z.object({ exitCode: z.number(), reason: optional(z.string()) })),
})

const requests = z.object({ requests: optional(texts) })
const container = z.object({
  resources: optional(requests),
  /** `Always` makes a sidecar of an init container. */
  restartPolicy: optional(z.string()),
  ports: optional(z.array(z.object({ containerPort: z.number() }))),
})

const pod = z.object({
  metadata,
  spec: optional(
    z.object({
      nodeName: optional(z.string()),
      containers: z.array(container),
      initContainers: optional(z.array(container)),
      overhead: optional(texts),
    }),
  ),
  status: optional(
    z.object({
      phase: optional(z.string()),
      reason: optional(z.string()),
      message: optional(z.string()),
      conditions: optional(z.array(condition)),
      containerStatuses: optional(z.array(z.object({ state: optional(containerState) }))),
    }),
  ),
})

const node = z.object({
  metadata,
  spec: optional(
    z.object({
      unschedulable: optional(z.boolean()),
      taints: optional(z.array(z.object({ key: z.string(), effect: z.string() }))),
    }),
  ),
  status: z.object({ allocatable: texts, conditions: optional(z.array(condition)) }),
})

const named = z.object({ metadata })

export type Pod = z.infer<typeof pod>
export type Node = z.infer<typeof node>
export type Condition = z.infer<typeof condition>

const pageOf = <T>(row: z.ZodMiniType<T>) =>
  z.object({
    metadata: z.object({ continue: optional(z.string()) }),
    items: z.pipe(
      looseRows(row),
      z.transform(({ rows }) => rows),
    ),
  })

export const pods = pageOf(pod)
export const nodes = pageOf(node)
export const namedObjects = pageOf(named)

/** A page as one item, with what could not be read of it. */
const countedPageOf = <T>(row: z.ZodMiniType<T>) =>
  z.object({
    metadata: z.object({ continue: optional(z.string()) }),
    items: z.pipe(
      looseRows(row),
      z.transform((rows) => [rows]),
    ),
  })

export const countedPods = countedPageOf(pod)
export const countedNodes = countedPageOf(node)
export const events = pageOf(z.object({ reason: optional(z.string()) }))

export interface Page<T> {
  readonly metadata: { readonly continue: string | null }
  readonly items: readonly T[]
}

export const readPage = <T>(shape: z.ZodMiniType<Page<T>>, answer: CloudAnswer): Page<T> =>
  readWire(shape, jsonOf(answer), 'kubernetes')

export const readPod = (answer: CloudAnswer): Pod => readWire(pod, jsonOf(answer), 'kubernetes')

export const readNamed = (answer: CloudAnswer): z.infer<typeof named> =>
  readWire(named, jsonOf(answer), 'kubernetes')
