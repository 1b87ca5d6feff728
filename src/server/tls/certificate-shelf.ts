/** Certificates and the account they were issued to, in a folder that only its owner reads. */
import { join } from 'node:path'
import { digestLines } from '#platform/digest'
import { namesIn } from '#platform/folders'
import { makeFolderOnce, replaceFile } from '#platform/private-folders'
import { readTextFile, removeTree } from '#platform/text-files'

export interface CertificateShelf {
  /** Key and chain in one text, so that they change together. */
  read(host: string): string | null
  path(host: string): string
  keep(host: string, pem: string): void
  forget(host: string): void
  hosts(): readonly string[]
  /** The key of the account; null before there is one. */
  accountKey(): string | null
  keepAccountKey(key: string): void
  /** Where orders that failed are noted. */
  readonly failuresPath: string
}

const suffix = '.pem'

/**
 * One shelf per directory: what a test directory issued is never shown to those who asked for the
 * real one. Host names come checked: they become names of files.
 */
export const newCertificateShelf = (folder: string, directoryUrl: string): CertificateShelf => {
  const { hostname } = new URL(directoryUrl)
  const own = join(folder, `${hostname}-${digestLines([directoryUrl]).slice(0, 8)}`)
  const certificates = join(own, 'certificates')
  const account = join(own, `account${suffix}`)
  const path = (host: string): string => join(certificates, `${host}${suffix}`)
  return {
    path,
    read: (host) => readTextFile(path(host)),
    keep: (host, pem) => {
      makeFolderOnce(certificates)
      replaceFile(path(host), pem)
    },
    forget: (host) => removeTree(path(host)),
    hosts: () =>
      namesIn(certificates)
        .filter((name) => name.endsWith(suffix))
        .map((name) => name.slice(0, -suffix.length)),
    failuresPath: join(own, 'failures.json'),
    accountKey: () => readTextFile(account),
    keepAccountKey: (key) => {
      makeFolderOnce(own)
      replaceFile(account, key)
    },
  }
}
