import type { Json } from '#domain/json'

export const printJson = (document: Json): string => `${JSON.stringify(document, null, 2)}\n`
