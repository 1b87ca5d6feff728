import { importerContract } from '../../contract/importer.ts'
import { cudoCase } from './cudo-case.ts'

importerContract(cudoCase, 'fixtures/golden.txt')
