/** What a cluster in memory keeps. */
export type Fields = Record<string, unknown>

export interface Metadata {
  name: string
  namespace?: string
  uid: string
  resourceVersion?: string
  creationTimestamp: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

export interface Kept {
  kind: string
  apiVersion: string
  metadata: Metadata
  spec?: Fields
  status?: Fields
  [key: string]: unknown
}

/** Where an object is, or a list of them. */
export interface Place {
  readonly resource: string
  /** Null for what is of the whole cluster. */
  readonly namespace: string | null
}

export const kinds: Readonly<Record<string, string>> = {
  namespaces: 'Namespace',
  nodes: 'Node',
  pods: 'Pod',
  services: 'Service',
  secrets: 'Secret',
  events: 'Event',
  resourcequotas: 'ResourceQuota',
}

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

export const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fieldsOf) : []

export const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fieldsOf(value)).map(([key, one]) => [key, String(one)]))
