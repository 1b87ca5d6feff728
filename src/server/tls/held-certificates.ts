/** Certificates that were issued, in memory and on the shelf. */
import { CertificateError } from '#domain/errors'
import type { HttpClock } from '#platform/http-time'
import { usableCertificate, type UsableCertificate } from './certificate.ts'
import type { CertificateShelf } from './certificate-shelf.ts'

export const newHeld = (shelf: CertificateShelf, clock: HttpClock) => {
  const held = new Map<string, UsableCertificate>()
  const take = (host: string, text: string): UsableCertificate => {
    const path = shelf.path(host)
    const pem = { cert: text, key: text }
    const certificate = usableCertificate(pem, { cert: path, key: path }, clock.nowMs())
    if (!certificate.isFor(host)) throw new CertificateError(`"${path}" is not for "${host}"`)
    held.set(host, certificate)
    return certificate
  }
  const fromShelf = (host: string): UsableCertificate | null => {
    try {
      const text = shelf.read(host)
      return text === null ? null : take(host, text)
    } catch {
      // Expired, damaged or unreadable: another one is ordered.
      return null
    }
  }
  return {
    take,
    find: (host: string): UsableCertificate | null => {
      const one = held.get(host) ?? fromShelf(host)
      return one !== null && clock.nowMs() < one.endsMs ? one : null
    },
  }
}
