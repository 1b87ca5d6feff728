/** Certificates from files: what is refused at the start, and what becomes of files that change. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import { CertificateError, UnreadableError } from '#domain/errors'
import { systemHttpClock } from '#platform/http-time'
import { newFileCertificates } from '#server/tls/file-certificates'
import { makeCertificate, openssl, whyNoOpenssl } from './openssl.ts'

const reason = whyNoOpenssl()
if (reason !== null) console.log(`skipped, certificates from files: ${reason}`)

const newFolder = ({ onTestFinished }: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const open = (cert: string, key: string, aheadMs = 0) => {
  const changed: string[] = []
  const troubles: string[] = []
  const certificates = newFileCertificates({
    files: { cert, key },
    clock: { ...systemHttpClock, nowMs: () => Date.now() + aheadMs },
    onChanged: (pem) => changed.push(pem.cert),
    onTrouble: (error) => troubles.push(error instanceof Error ? error.message : ''),
  })
  return { certificates, changed, troubles }
}

const refusal = (cert: string, key: string, aheadMs = 0): Error => {
  try {
    open(cert, key, aheadMs)
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('not refused')
}

const dayMs = 24 * 60 * 60 * 1000

test.skipIf(reason !== null)(
  'what cannot be used is refused at the start, and says why',
  (context) => {
    const folder = newFolder(context)
    const one = makeCertificate(folder, { file: 'one', host: 'one.test' })
    const other = makeCertificate(folder, { file: 'other', host: 'other.test' })
    const written = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const absent = refusal(join(folder, 'absent'), one.keyFile)
    expect(absent).toBeInstanceOf(UnreadableError)
    expect(absent.message).toContain('no such file')

    const unfit = refusal(one.certFile, other.keyFile)
    expect(unfit).toBeInstanceOf(CertificateError)
    expect(unfit.message).toMatch(/"[^"]*other\.key" does not fit .* "[^"]*one\.crt"/)

    const disorder = written('disorder.crt', other.cert + one.cert)
    expect(refusal(disorder, one.keyFile)).toMatchObject({
      hint: expect.stringContaining('first') as string,
    })

    expect(refusal(one.keyFile, one.keyFile).message).toContain('holds no certificate')
    expect(refusal(one.certFile, one.certFile).message).toContain('holds no private key')
    const damaged = written(
      'damaged.crt',
      one.cert.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA'),
    )
    expect(refusal(damaged, one.keyFile).message).toContain('holds no certificate')

    const locked = join(folder, 'locked.key')
    openssl(`pkey -in ${one.keyFile} -aes256 -passout pass:secret -out ${locked}`)
    expect(refusal(one.certFile, locked).message).toContain('under a passphrase')

    expect(refusal(one.certFile, one.keyFile, 31 * dayMs).message).toContain('has expired')
    expect(refusal(one.certFile, one.keyFile, -2 * dayMs).message).toContain('is not valid before')
    const key = readFileSync(one.keyFile, 'utf8').split('\n')[1] ?? ''
    for (const error of [unfit, refusal(one.keyFile, one.keyFile)])
      expect(error.message).not.toContain(key)
  },
)

test.skipIf(reason !== null)(
  'new files are used as soon as both are there, and bad ones never',
  async (context) => {
    const folder = newFolder(context)
    const live = makeCertificate(folder, { file: 'live', host: 'live.test' })
    const next = makeCertificate(folder, { file: 'next', host: 'live.test' })
    const { certificates, changed, troubles } = open(live.certFile, live.keyFile)
    const before = await certificates.secureContext('live.test')
    expect(before).toBeDefined()
    certificates.look()
    expect(await certificates.secureContext('other.test')).toBe(before)

    writeFileSync(live.certFile, next.cert)
    certificates.look()
    certificates.look()
    expect(troubles).toEqual([expect.stringContaining('does not fit')])
    expect(await certificates.secureContext('live.test')).toBe(before)
    expect(changed).toEqual([])

    writeFileSync(live.keyFile, next.key)
    certificates.look()
    expect(await certificates.secureContext('live.test')).not.toBe(before)
    expect(certificates.pem().cert).toBe(next.cert)
    expect(changed).toEqual([next.cert])

    rmSync(live.certFile)
    certificates.look()
    expect(troubles.at(-1)).toContain('no such file')
    expect(certificates.pem().cert).toBe(next.cert)
  },
)

test.skipIf(reason !== null)('the loop looks until it is stopped', async (context) => {
  const folder = newFolder(context)
  const live = makeCertificate(folder, { file: 'live', host: 'live.test' })
  const next = makeCertificate(folder, { file: 'next', host: 'live.test' })
  const stop = new AbortController()
  let slept = 0
  const certificates = newFileCertificates({
    files: { cert: live.certFile, key: live.keyFile },
    clock: {
      nowMs: () => Date.now(),
      sleep: async () => {
        slept += 1
        if (slept > 1) return stop.abort()
        writeFileSync(live.certFile, next.cert)
        writeFileSync(live.keyFile, next.key)
      },
    },
    onChanged: () => undefined,
    onTrouble: (error) => {
      throw error
    },
  })
  await certificates.tend(stop.signal)
  expect(certificates.pem()).toEqual({ cert: next.cert, key: next.key })
})
