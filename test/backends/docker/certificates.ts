/** An authority with a server and a client that it vouches for, made by openssl. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const program = '/usr/bin/openssl'

/** Why none can be made here; null where they can. */
export const whyNoOpenssl = (): string | null =>
  existsSync(program) ? null : `${program} is not there`

const openssl = (folder: string, ...words: readonly string[]): void => {
  execFileSync(program, words, { cwd: folder, stdio: 'ignore' })
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

const issue = (folder: string, name: string, purpose: string): void => {
  const key = name === 'client' ? 'key.pem' : `${name}-key.pem`
  const certificate = name === 'client' ? 'cert.pem' : `${name}-cert.pem`
  const extensions = `subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=${purpose}\n`
  writeFileSync(join(folder, `${name}.ext`), extensions)
  const subject = ['-subj', `/CN=${name}`]
  openssl(folder, 'req', ...newKey, ...subject, '-keyout', key, '-out', `${name}.csr`)
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial']
  const into = ['-extfile', `${name}.ext`, '-days', '2', '-out', certificate]
  openssl(folder, 'x509', '-req', '-in', `${name}.csr`, ...by, ...into)
}

/** `ca.pem`, `cert.pem` and `key.pem`, as Docker's client wants them; and those of the server. */
export const makeCertificates = (folder: string): string => {
  mkdirSync(folder)
  const ca = ['-x509', '-days', '2', '-subj', '/CN=authority']
  openssl(folder, 'req', ...newKey, ...ca, '-keyout', 'ca-key.pem', '-out', 'ca.pem')
  issue(folder, 'server', 'serverAuth')
  issue(folder, 'client', 'clientAuth')
  return folder
}
