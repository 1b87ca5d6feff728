import type { Command } from 'commander'
import { choiceArgument } from '#cli/choices'
import { printJson } from '#cli/output/json'
import type { Json } from '#domain/json'
import type { World } from '#cli/world'

const schemas = {
  offers: async (): Promise<Json> => (await import('#cli/schemas/offers')).offersSchema,
  groups: async (): Promise<Json> => (await import('#cli/schemas/groups')).groupsSchema,
  gpus: async (): Promise<Json> => (await import('#cli/schemas/groups')).gpusSchema,
  comparison: async (): Promise<Json> => (await import('#cli/schemas/groups')).comparisonSchema,
  provenance: async (): Promise<Json> => (await import('#cli/schemas/why')).provenanceSchema,
  simulation: async (): Promise<Json> => (await import('#cli/schemas/simulation')).simulationSchema,
  history: async (): Promise<Json> => (await import('#cli/schemas/history')).historySchema,
  differences: async (): Promise<Json> => (await import('#cli/schemas/history')).differencesSchema,
  query: async (): Promise<Json> => (await import('#cli/schemas/history')).querySchema,
  plan: async (): Promise<Json> => (await import('#api/plans')).planJsonSchema(),
  'plan-verification': async (): Promise<Json> =>
    (await import('#cli/schemas/plan-verification')).planVerificationSchema,
  catalog: async (): Promise<Json> => (await import('#cli/schemas/catalog')).catalogSchema,
  configuration: async (): Promise<Json> =>
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
