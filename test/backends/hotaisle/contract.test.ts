import { importerContract } from '../../contract/importer.ts'
import { hotaisleCase } from './hotaisle-case.ts'

importerContract(hotaisleCase, 'fixtures/golden.txt')
