import { importerContract } from '../../contract/importer.ts'
import { gcpCase } from './gcp-case.ts'

importerContract(gcpCase, 'fixtures/golden.txt')
