import { importerContract } from '../../contract/importer.ts'
import { azureCase } from './azure-case.ts'

importerContract(azureCase, 'fixtures/golden.txt')
