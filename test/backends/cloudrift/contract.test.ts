import { importerContract } from '../../contract/importer.ts'
import { cloudriftCase } from './cloudrift-case.ts'

importerContract(cloudriftCase, 'fixtures/golden.txt')
