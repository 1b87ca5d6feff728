import { expect, test } from 'vitest'
import { runImporter } from '../../contract/run-importer.ts'
import { verdaCase } from './verda-case.ts'

test('types are offers where they are in stock, not everywhere', async () => {
  const { collected } = await runImporter(verdaCase)
  const ids = collected.offers.map(({ id }) => id).filter((id) => id.includes('1H100'))
  expect(ids).toEqual([
    'verda/FIN-01/1H100.80S.30V/on-demand',
    'verda/FIN-02/1H100.80S.30V/on-demand',
    'verda/FIN-02/1H100.80S.30V/spot',
  ])
})

test('a spot price without stock is no spot offer', async () => {
  const { collected } = await runImporter(verdaCase)
  expect(collected.offers.filter(({ id }) => id.includes('1V100') && id.endsWith('spot'))).toEqual(
    [],
  )
})

test('memory is per card, and AMD is sold too', async () => {
  const { collected } = await runImporter(verdaCase)
  const machines = new Map(
    collected.offers.map(({ instanceType }) => [instanceType.name, instanceType]),
  )
  expect(machines.get('2A6000.20V')?.gpu).toMatchObject({ name: 'A6000', memoryMib: 49152 })
  expect(machines.get('8MI300X.192V')?.gpu).toMatchObject({ vendor: 'amd', memoryMib: 196608 })
})

test('prices in another currency are no offers', async () => {
  const { collected } = await runImporter(verdaCase)
  expect(collected.rejects).toContainEqual({ reason: 'not in dollars', row: '1H200.141S.44V' })
})

test('half of the credentials are a mistake, not their absence', async () => {
  const importer = await verdaCase.backend.importer()
  expect(importer.readiness({})).toEqual({
    status: 'missing',
    names: [
      'VERDA_CLIENT_ID or DATACRUNCH_CLIENT_ID',
      'VERDA_CLIENT_SECRET or DATACRUNCH_CLIENT_SECRET',
    ],
  })
  expect(importer.readiness({ DATACRUNCH_CLIENT_ID: 'an id' })).toEqual({
    status: 'misconfigured',
    names: ['VERDA_CLIENT_SECRET or DATACRUNCH_CLIENT_SECRET'],
  })
})
