import { importerContract } from '../../contract/importer.ts'
import { vultrCase } from './vultr-case.ts'

importerContract(vultrCase, 'fixtures/golden.txt')
