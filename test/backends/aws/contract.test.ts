import { importerContract } from '../../contract/importer.ts'
import { awsCase } from './aws-case.ts'

importerContract(awsCase, 'fixtures/golden.txt')
