/** A certificate from files, which somebody else renews. */
import type { SecureContext } from 'node:tls'
import { systemFiles } from '#platform/files'
import type { HttpClock } from '#platform/http-time'
import { type PemPair, usableCertificate, type UsableCertificate } from './certificate.ts'

interface CertificateFiles {
  /** The server's certificate first, then those that issued it. */
  readonly cert: string
  readonly key: string
}

export interface FileCertificatesOptions {
  readonly files: CertificateFiles
  readonly clock: HttpClock
  /** New files are in use. */
  readonly onChanged: (pem: PemPair) => void
  /** New files cannot be used: the certificate before stays. Once for each change. */
  readonly onTrouble: (error: unknown) => void
}

export interface FileCertificates {
  /** Whatever the name: these files are all there is. */
  secureContext(name: string): Promise<SecureContext | undefined>
  /** Files prove no name. */
  answer(path: string): null
  /** For clients that say no name. */
  pem(): PemPair
  /** Reads the files again; what has not changed costs a comparison. */
  look(): void
  /** Looks every few seconds, until the signal aborts. */
  tend(signal: AbortSignal): Promise<void>
}

const limitBytes = 1024 * 1024
const lookEveryMs = 5000

const read = ({ cert, key }: CertificateFiles): PemPair => ({
  cert: systemFiles.readText(cert, limitBytes),
  key: systemFiles.readText(key, limitBytes),
})

const isSame = (one: PemPair, other: PemPair): boolean =>
  one.cert === other.cert && one.key === other.key

/** Throws UnreadableError and CertificateError where the files cannot be used to begin with. */
export const newFileCertificates = ({
  files,
  clock,
  onChanged,
  onTrouble,
}: FileCertificatesOptions): FileCertificates => {
  let current: UsableCertificate = usableCertificate(read(files), files, clock.nowMs())
  let complaint: string | null = null

  const complain = (error: unknown): void => {
    // Told once: a renewal writes two files, and the moment between them looks like this too.
    const text = String(error)
    if (text !== complaint) onTrouble(error)
    complaint = text
  }
  const look = (): void => {
    try {
      const pem = read(files)
      if (!isSame(pem, current.pem)) {
        current = usableCertificate(pem, files, clock.nowMs())
        onChanged(pem)
      }
      complaint = null
    } catch (error) {
      complain(error)
    }
  }
  return {
    secureContext: async () => current.context,
    answer: () => null,
    pem: () => current.pem,
    look,
    tend: async (signal) => {
      while (!signal.aborted) {
        await clock.sleep(lookEveryMs, signal).catch(() => undefined)
        if (!signal.aborted) look()
      }
    },
  }
}
