import * as z from 'zod/mini'
import type { Model } from '#domain/configuration'
import { leaf, objectOf, orElse, orNull, text, wordOf } from './fields.ts'
import { isMapping, refusal, show } from './scalar.ts'

const parseFormat = wordOf(['openai', 'tgi'])

const openai = () =>
  z.pipe(
    objectOf({
      format: z.literal('openai'),
      type: leaf(wordOf(['chat'])),
      name: text(),
      prefix: orElse(text, '/v1'),
    }),
    z.transform(({ format, type, name, prefix }): Model => ({ format, type, name, prefix })),
  )

const tgi = () =>
  z.pipe(
    objectOf({
      format: z.literal('tgi'),
      type: leaf(wordOf(['chat'])),
      name: text(),
      chat_template: orNull(text),
      eos_token: orNull(text),
    }),
    z.transform((said): Model => ({
      format: said.format,
      type: said.type,
      name: said.name,
      chatTemplate: said.chat_template,
      eosToken: said.eos_token,
    })),
  )

const asModel = (value: unknown): Readonly<Record<string, unknown>> => {
  if (isMapping(value)) return value
  throw refusal(
    `${show(value)} is no mapping`,
    typeof value === 'string'
      ? `a bare name belongs to a later dstack; write {format: openai, type: chat, name: ${value}}`
      : undefined,
  )
}

/** What a later `format` key is told when it is wrong or absent. */
const checkedFormat = () => z.pipe(leaf(asModel), z.looseObject({ format: leaf(parseFormat) }))

/** The model behind the OpenAI-compatible endpoint: its keys depend on its format. */
export const model = (): z.ZodMiniType<Model> =>
  z.pipe(checkedFormat(), z.discriminatedUnion('format', [openai(), tgi()]))
