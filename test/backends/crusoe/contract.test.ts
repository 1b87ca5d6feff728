import { importerContract } from '../../contract/importer.ts'
import { crusoeCase } from './crusoe-case.ts'

importerContract(crusoeCase, 'fixtures/golden.txt')
