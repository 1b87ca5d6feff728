/** A container's output, out of the frames that engines put around it. */

const headerBytes = 8

/** Each frame: which stream (1 byte), three of nothing, its length (4 bytes), its bytes. */
export async function* unframe(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoders = new Map<number, InstanceType<typeof TextDecoder>>()
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= headerBytes) {
      const end = headerBytes + rest.readUInt32BE(4)
      if (rest.length < end) break
      const stream = rest[0] ?? 1
      const decoder = decoders.get(stream) ?? new TextDecoder()
      decoders.set(stream, decoder)
      yield decoder.decode(rest.subarray(headerBytes, end), { stream: true })
      rest = rest.subarray(end)
    }
  }
}
