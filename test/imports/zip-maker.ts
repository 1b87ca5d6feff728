/** Zip archives as a test wants them, broken ones too. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface Member {
  readonly name: string
  readonly content: string | Buffer
  /** Year, month, day; the first day an archive can tell where absent. */
  readonly day?: readonly [number, number, number]
  /** Bytes that the archive says it unpacks to, where it lies. */
  readonly saidBytes?: number
  /** Says that it is encrypted. */
  readonly encrypted?: boolean
  /** How it says that it is packed; 8, deflated, where absent. */
  readonly method?: number
  /** What stands in place of the packed content. */
  readonly packed?: Buffer
}

const dosDay = ([year, month, day]: readonly [number, number, number]): number =>
  ((year - 1980) << 9) | (month << 5) | day

const header = (signature: number, size: number): Buffer => {
  const buffer = Buffer.alloc(size)
  buffer.writeUInt32LE(signature, 0)
  return buffer
}

const firstDay = [1980, 1, 1] as const

export const makeZip = (members: readonly Member[]): Buffer => {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, day = firstDay, saidBytes, ...over } of members) {
    const plain = Buffer.from(content)
    const packed = over.packed ?? deflateRawSync(plain)
    const local = header(0x04034b50, 30)
    const central = header(0x02014b50, 46)
    for (const [buffer, at] of [
      [local, 4],
      [central, 6],
    ] as const) {
      buffer.writeUInt16LE(20, at)
      buffer.writeUInt16LE(over.encrypted === true ? 1 : 0, at + 2)
      buffer.writeUInt16LE(over.method ?? 8, at + 4)
      buffer.writeUInt16LE(dosDay(day), at + 8)
      buffer.writeUInt32LE(crc32(plain), at + 10)
      buffer.writeUInt32LE(packed.length, at + 14)
      buffer.writeUInt32LE(saidBytes ?? plain.length, at + 18)
      buffer.writeUInt16LE(Buffer.byteLength(name), at + 22)
    }
    central.writeUInt32LE(offset, 42)
    parts.push(local, Buffer.from(name), packed)
    directory.push(central, Buffer.from(name))
    offset += 30 + Buffer.byteLength(name) + packed.length
  }
  const listed = Buffer.concat(directory)
  const end = header(0x06054b50, 22)
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, listed, end])
}
