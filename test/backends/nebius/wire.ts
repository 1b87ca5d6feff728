/** Protobuf without definitions: fields by number, so that numbers are written down a second time. */
import protobuf from 'protobufjs/light.js'

type Value = string | number | boolean | Uint8Array

const lengthDelimited = 2
const varint = 0

export const message = (
  ...fields: readonly (readonly [id: number, value: Value])[]
): Uint8Array => {
  const writer = protobuf.Writer.create()
  for (const [id, value] of fields) {
    const wireType =
      typeof value === 'number' || typeof value === 'boolean' ? varint : lengthDelimited
    writer.uint32((id << 3) | wireType)
    if (typeof value === 'string') writer.string(value)
    else if (typeof value === 'number') writer.int32(value)
    else if (typeof value === 'boolean') writer.bool(value)
    else writer.bytes(value)
  }
  return writer.finish()
}

type Fields = ReadonlyMap<number, number | Uint8Array>

export const fieldsOf = (bytes: Uint8Array): Fields => {
  const reader = protobuf.Reader.create(bytes)
  const fields = new Map<number, number | Uint8Array>()
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    fields.set(tag >>> 3, (tag & 7) === varint ? reader.int32() : reader.bytes())
  }
  return fields
}

/** The message, text or number below some fields; absent ones are empty. */
const bytesAt = (bytes: Uint8Array, ...path: readonly number[]): Uint8Array => {
  let at = bytes
  for (const id of path) {
    const value = fieldsOf(at).get(id)
    at = value instanceof Uint8Array ? value : new Uint8Array()
  }
  return at
}

export const textAt = (bytes: Uint8Array, ...path: readonly number[]): string =>
  Buffer.from(bytesAt(bytes, ...path)).toString('utf8')

export const isThere = (bytes: Uint8Array, ...path: readonly number[]): boolean =>
  fieldsOf(bytesAt(bytes, ...path.slice(0, -1))).has(path.at(-1) ?? 0)
