/**
 * sha256 of a short text. Node's own takes longer to load than this takes for a few kilobytes, and a
 * plain answer states such a digest.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** In hex. */
export const briefDigest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))
