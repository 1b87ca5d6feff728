import type { Command } from 'commander'
import { choiceArgument } from '#cli/choices'
import { printJson } from '#cli/output/json'
import type { Schema } from '#cli/schemas/building-blocks'
import type { World } from '#cli/world'

const schemas = {
  offers: async (): Promise<Schema> => (await import('#cli/schemas/offers')).offersSchema,
  catalog: async (): Promise<Schema> => (await import('#cli/schemas/catalog')).catalogSchema,
  configuration: async (): Promise<Schema> =>
    (await import('#cli/schemas/configuration')).configurationSchema,
}

export const addSchemaCommand = (program: Command, world: World): void => {
  program
    .command('schema')
    .summary('print the JSON Schema of an output')
    .description('Prints the JSON Schema (2020-12) of what -o json prints.')
    .addArgument(choiceArgument('schema', Object.keys(schemas)))
    .action(async (name: keyof typeof schemas) => {
      world.stdout.write(printJson(await schemas[name]()))
    })
}
