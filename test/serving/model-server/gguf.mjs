/** Writes GGUF, version 3: named values, then named tensors of 32-bit floats. */
import { writeFileSync } from 'node:fs'

const alignment = 32
const codes = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 }
const float32Tensor = 0

const uint32 = (value) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const uint64 = (value) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

const float32 = (value) => {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

const string = (value) => {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint64(bytes.length), bytes])
}

const encoders = {
  uint32,
  int32: uint32,
  float32,
  string,
  bool: (value) => Buffer.from([value ? 1 : 0]),
}

const encode = ({ type, value }) => {
  if (!Array.isArray(value)) return Buffer.concat([uint32(codes[type]), encoders[type](value)])
  const head = [uint32(codes.array), uint32(codes[type]), uint64(value.length)]
  return Buffer.concat([...head, ...value.map(encoders[type])])
}

const padding = (length) => Buffer.alloc((alignment - (length % alignment)) % alignment)

const padded = (bytes) => Buffer.concat([bytes, padding(bytes.length)])

/**
 * `values`: by key, `{ type, value }`, where an array is one of that type.
 * `tensors`: by name, `{ shape, data }`, the dimension whose neighbours lie together first.
 */
export const writeGguf = (path, values, tensors) => {
  const named = Object.entries(values)
  const shaped = Object.entries(tensors)
  let offset = 0
  const tensorHeads = shaped.map(([name, { shape, data }]) => {
    const where = [uint32(float32Tensor), uint64(offset)]
    offset += data.byteLength + padding(data.byteLength).length
    return Buffer.concat([string(name), uint32(shape.length), ...shape.map(uint64), ...where])
  })
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    uint32(3),
    uint64(shaped.length),
    uint64(named.length),
    ...named.map(([key, value]) => Buffer.concat([string(key), encode(value)])),
    ...tensorHeads,
  ])
  const bodies = shaped.map(([, { data }]) => padded(Buffer.from(data.buffer)))
  writeFileSync(path, Buffer.concat([padded(head), ...bodies]))
}
