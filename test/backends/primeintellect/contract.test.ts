import { importerContract } from '../../contract/importer.ts'
import { primeintellectCase } from './primeintellect-case.ts'

importerContract(primeintellectCase, 'fixtures/golden.txt')
