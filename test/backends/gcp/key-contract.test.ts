import { importerContract } from '../../contract/importer.ts'
import { keyCase } from './gcp-case.ts'

importerContract(keyCase, 'fixtures/golden-key.txt')
