/** `import.meta.url` of the bundle, which is CommonJS. */
import { pathToFileURL } from 'node:url'

declare const __filename: string

export const moduleUrl = pathToFileURL(__filename).href
