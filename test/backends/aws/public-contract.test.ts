import { importerContract } from '../../contract/importer.ts'
import { publicCase } from './aws-case.ts'

importerContract(publicCase, 'fixtures/golden-public.txt')
