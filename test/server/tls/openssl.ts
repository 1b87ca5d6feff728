/** Certificates for tests, made by openssl. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const program = '/usr/bin/openssl'

/** Null where it can be run. */
export const whyNoOpenssl = (): string | null => (existsSync(program) ? null : `no ${program}`)

/** Words parted by blanks. */
export const openssl = (...words: readonly string[]): void => {
  execFileSync(program, words.join(' ').split(' '), { stdio: 'ignore' })
}

export interface TestCertificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

/** Self-signed, for a host; it may certify itself as a root. */
export const makeCertificate = (
  folder: string,
  { file, host, days = 30 }: { file: string; host: string; days?: number },
): TestCertificate => {
  const certFile = join(folder, `${file}.crt`)
  const keyFile = join(folder, `${file}.key`)
  const names = `subjectAltName=DNS:${host},IP:127.0.0.1`
  openssl(
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=${host} -addext ${names}`,
    `-days ${days} -keyout ${keyFile} -out ${certFile}`,
  )
  return {
    certFile,
    keyFile,
    cert: readFileSync(certFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
  }
}
