import { importerContract } from '../../contract/importer.ts'
import { lambdalabsCase } from './lambdalabs-case.ts'

importerContract(lambdalabsCase, 'fixtures/golden.txt')
