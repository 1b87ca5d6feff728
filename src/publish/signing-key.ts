/** Where the key that signs comes from, and how a new one is made. */
import { join } from 'node:path'
import { ArgumentError } from '#domain/errors'
import { isUnwritable } from '#platform/derived-files'
import type { Environment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import { configurationHome } from '#platform/home'
import { isOpenToOthers, writePrivateFile } from '#platform/private-file'
import { newPrivateKey, type Signer, signerOf } from '#platform/signing'

/** Holds the private key itself, as PEM: the way a secret reaches a job of a CI. */
const keyVariable = 'DSTACK_OFFERS_SIGNING_KEY'

export const defaultKeyFile = (environment: Environment): string =>
  join(configurationHome(environment), 'signing-key.pem')

const mostKeyBytes = 16 * 1024

const signerFrom = (pem: string, place: string): Signer => {
  const signer = signerOf(pem)
  if (signer) return signer
  throw new ArgumentError(`${place} holds no ed25519 private key in PEM`, {
    hint: 'make one: dstack-offers catalog keys',
  })
}

const signerOfFile = (file: string): Signer => {
  if (!systemFiles.exists(file)) {
    throw new ArgumentError(`there is no key to sign with at "${file}"`, {
      hint: `make one with dstack-offers catalog keys, or put one into ${keyVariable}`,
    })
  }
  if (isOpenToOthers(file)) {
    throw new ArgumentError(`the key "${file}" can be read by others`, {
      hint: `chmod 600 "${file}"`,
    })
  }
  return signerFrom(systemFiles.readText(file, mostKeyBytes), `"${file}"`)
}

/** A file that is named, else the variable, else the file of the user. Throws ArgumentError. */
export const findSigner = (environment: Environment, file: string | null): Signer => {
  if (file !== null) return signerOfFile(file)
  const pem = environment[keyVariable]?.trim()
  if (pem) return signerFrom(pem, keyVariable)
  return signerOfFile(defaultKeyFile(environment))
}

/** The public key of a new pair; the private one is in the file. Throws ArgumentError. */
export const makeKeyFile = (file: string): string => {
  const pem = newPrivateKey()
  if (!written(file, pem)) {
    throw new ArgumentError(`"${file}" is there already and stays as it is`, {
      hint: 'name another file: whoever pulls has pinned the key they know',
    })
  }
  return signerFrom(pem, `"${file}"`).publicKey
}

const written = (file: string, pem: string): boolean => {
  try {
    return writePrivateFile(file, pem)
  } catch (error) {
    if (!isUnwritable(error)) throw error
    throw new ArgumentError(`cannot write "${file}": no space or no permission`)
  }
}
