import { importerContract } from '../../contract/importer.ts'
import { vastaiCase } from './vastai-case.ts'

importerContract(vastaiCase, 'fixtures/golden.txt')
