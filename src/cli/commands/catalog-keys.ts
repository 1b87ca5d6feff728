/** `catalog keys`: a pair of keys to publish with. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { addCommonFlags, type CommonFlags } from '#cli/flags'
import { writeNotes } from '#cli/notes'
import { visible } from '#cli/text-width'
import type { World } from '#cli/world'

const runKeys = async (file: string | undefined, flags: CommonFlags, world: World) => {
  const { cwd, environment } = world
  const { defaultKeyFile, makeKeyFile } = await import('#api/publish')
  const path = file === undefined ? defaultKeyFile(environment) : resolve(cwd, file)
  world.stdout.write(`${makeKeyFile(path)}\n`)
  writeNotes('note', [`the private key is in "${visible(path)}"`], world, flags)
}

export const addKeysCommand = (catalog: Command, world: World): void => {
  addCommonFlags(
    catalog
      .command('keys')
      .summary('make a pair of keys to publish with')
      .description(
        'Writes a private key to a file that only its owner may read, and prints the public key, which whoever pulls has to know. A file that is there is never overwritten.',
      )
      .argument('[file]', 'file of the private key (default: signing-key.pem in the settings)'),
  ).action((file: string | undefined, flags: CommonFlags) => runKeys(file, flags, world))
}
