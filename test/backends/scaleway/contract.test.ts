import { importerContract } from '../../contract/importer.ts'
import { scalewayCase } from './scaleway-case.ts'

importerContract(scalewayCase, 'fixtures/golden.txt')
