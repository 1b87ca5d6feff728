import { importerContract } from '../../contract/importer.ts'
import { ovhCase } from './ovh-case.ts'

importerContract(ovhCase, 'fixtures/golden.txt')
