import { oci } from '#backends/oci/backend'
import { newOciImporter } from '#backends/oci/importer'
import { type ImporterCase, isRow, rowsUnder } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

/** Two regions stand for all: prices are the same in each. */
export const ociCase: ImporterCase = {
  backend: {
    ...oci,
    importer: async () => newOciImporter(['eu-frankfurt-1', 'us-ashburn-1']),
  },
  credentials: {},
  world: ({ path, query }) =>
    path === '/pls/apex/cetools/api/v1/products/' && query.get('currencyCode') === 'USD'
      ? readFixture('oci', 'products.json')
      : undefined,
  oracle: {
    'oci/us-ashburn-1/BM.GPU.H100.8/on-demand': '80',
    'oci/us-ashburn-1/BM.GPU4.8/on-demand': '24.4',
    'oci/eu-frankfurt-1/VM.GPU.A10.1/on-demand': '2',
    'oci/eu-frankfurt-1/VM.GPU3.1/spot': '1.475',
    'oci/us-ashburn-1/VM.Standard.E4.Flex.2o.16g/on-demand': '0.074',
    'oci/us-ashburn-1/VM.Standard.A1.Flex.4o.8g/on-demand': '0.052',
  },
  rowsOf: (answer) => rowsUnder(answer, 'items'),
  setPrice: (row, price) => {
    for (const one of rowsUnder(row, 'currencyCodeLocalizations') ?? []) {
      for (const tier of rowsUnder(one, 'prices') ?? []) if (isRow(tier)) tier['value'] = price
    }
  },
  setGpu: () => false,
  errorAnswer: { code: 'ServiceUnavailable', message: 'try again' },
  cutAt: null,
}
