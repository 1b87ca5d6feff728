import type { Json } from './document.ts'

export const printJson = (document: Json): string => `${JSON.stringify(document, null, 2)}\n`
