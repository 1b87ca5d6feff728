import { importerContract } from '../../contract/importer.ts'
import { hyperstackCase } from './hyperstack-case.ts'

importerContract(hyperstackCase, 'fixtures/golden.txt')
