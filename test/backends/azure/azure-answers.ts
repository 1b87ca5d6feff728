/** Answers of Azure Resource Manager that a fake gives in many places. */
import type { FakeReply } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'

export const azureRefusal = (status: number, code: string, message: string): FakeReply => ({
  status,
  json: { error: { code, message } },
})

export const rowAt = (value: unknown, ...keys: readonly (string | number)[]): Row => {
  let at = value
  for (const key of keys) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : null
  return isRow(at) ? at : {}
}

export const textIn = (value: unknown, key: string): string => {
  const text = isRow(value) ? value[key] : null
  return typeof text === 'string' ? text : ''
}

/** Everything of ours says where it is, and whose. */
export const isTagged = (body: Row): boolean =>
  textIn(body, 'location') !== '' && textIn(body['tags'], 'dso-owner') !== ''
