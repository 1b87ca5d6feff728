import { importerContract } from '../../contract/importer.ts'
import { shadeformCase } from './shadeform-case.ts'

importerContract(shadeformCase, 'fixtures/golden.txt')
