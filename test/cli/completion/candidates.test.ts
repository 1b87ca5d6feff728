import { Command } from 'commander'
import { expect, test } from 'vitest'
import { choiceArgument, choiceOption } from '#cli/choices'
import { candidatesFor, type Names } from '#cli/completion/candidates'

const program = () => {
  const root = new Command('dstack-offers')
    .argument('[file]')
    .option('--gpu <spec>')
    .option('-b, --backend <name>')
    .option('--spot')
    .addOption(choiceOption('-o, --output <format>', 'format', ['table', 'json']))
  root.command('catalog').option('--catalog <path>')
  root.command('schema').addArgument(choiceArgument('name', ['offers', 'catalog']))
  root.command('compare').argument('<files...>')
  const plan = root.command('plan').argument('[file]').option('--out <path>')
  plan.command('verify').argument('<plan>').argument('[file]')
  root.command('secret', { hidden: true })
  return root
}

const names: Names = {
  backends: () => ['aws', 'azure', 'gcp'],
  regions: () => [],
  gpus: () => ['A10', 'A100', 'H100'],
  instanceTypes: () => [],
}

test.each<[string, string[]]>([
  ['', ['catalog', 'schema', 'compare', 'plan', ':files']],
  ['ca', ['catalog', ':files']],
  ['--g', ['--gpu']],
  ['--gpu ', ['A10', 'A100', 'H100']],
  ['--gpu a10', ['A10', 'A100']],
  ['--gpu = H', ['H100']],
  ['--gpu =', ['A10', 'A100', 'H100']],
  ['-b a', ['aws', 'azure']],
  ['serve.dstack.yml -b g', ['gcp']],
  ['serve.dstack.yml ', []],
  ['--spot ', ['catalog', 'schema', 'compare', 'plan', ':files']],
  ['-o ', ['table', 'json']],
  ['--gpu=A100 -o j', ['json']],
  ['schema ', ['offers', 'catalog']],
  ['catalog --catalog ', [':files']],
  ['serve.dstack.yml catalog --', ['--gpu', '--backend', '--spot', '--output', '--help']],
  ['-- ', [':files']],
  ['compare ', [':files']],
  ['compare one.dstack.yml other.dstack.yml ', [':files']],
  ['plan ', ['verify', ':files']],
  ['plan --out ', [':files']],
  ['plan verify plan.json ', [':files']],
  ['plan verify plan.json serve.dstack.yml ', []],
])('%j', async (line, expected) => {
  const words = line.split(' ')
  expect(await candidatesFor(program(), words, () => Promise.resolve(names))).toEqual(expected)
})

test('names are opened only where names follow', async () => {
  const closed = () => Promise.reject(new Error('opened'))
  await expect(candidatesFor(program(), ['--'], closed)).resolves.not.toEqual([])
  await expect(candidatesFor(program(), ['--gpu', ''], closed)).rejects.toThrow('opened')
})
