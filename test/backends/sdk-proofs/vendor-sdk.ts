/** The vendors' own clients, which are installed beside the tests and never with the product. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AdapterUnderTest } from '../../contract/adapter-under-test.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const resolver = createRequire(`${folder}package.json`)

const isInstalled = existsSync(`${folder}node_modules`)

// What is installed nowhere proves nothing: a run that must prove it fails.
if (!isInstalled && process.env['CI'] === 'true') {
  throw new Error("the vendors' clients are not installed: see test/backends/sdk-proofs")
}

/** Null where the vendors' clients are here. */
export const whyNoSdk = (vendor: string): string | null => {
  if (isInstalled) return null
  const reason = 'run `npm install --prefix test/backends/sdk-proofs` first'
  console.warn(`${vendor}: the fake is not proven by the vendor's client: ${reason}`)
  return reason
}

/** A client's module, of which a test knows only what it uses. */
export const loadSdk = async (name: string): Promise<Readonly<Record<string, unknown>>> =>
  (await import(pathToFileURL(resolver.resolve(name)).href)) as Readonly<Record<string, unknown>>

/** The fake stands in for several hosts by the start of its paths: here it is one of them alone. */
export const answerAs = ({ fake }: AdapterUnderTest, host: string): void => {
  const { model } = fake
  fake.become({
    ...model,
    handle: (request) => model.handle({ ...request, path: `/${host}${request.path}` }),
  })
}

/** Without lists and maps that hold nothing, which some clients add and others leave out. */
export const withoutEmpty = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) return value
  const isEmpty = (one: unknown): boolean =>
    typeof one === 'object' && one !== null && Object.keys(one).length === 0
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, withoutEmpty(one)] as const)
      .filter(([, one]) => !isEmpty(one)),
  )
}
