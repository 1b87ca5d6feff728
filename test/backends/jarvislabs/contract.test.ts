import { importerContract } from '../../contract/importer.ts'
import { jarvislabsCase } from './jarvislabs-case.ts'

importerContract(jarvislabsCase, 'fixtures/golden.txt')
