import { importerContract } from '../../contract/importer.ts'
import { tensordockCase } from './tensordock-case.ts'

importerContract(tensordockCase, 'fixtures/golden.txt')
