import { importerContract } from '../../contract/importer.ts'
import { accountCase } from './azure-case.ts'

importerContract(accountCase, 'fixtures/golden-account.txt')
