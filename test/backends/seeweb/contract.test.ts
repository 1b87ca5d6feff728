import { importerContract } from '../../contract/importer.ts'
import { seewebCase } from './seeweb-case.ts'

importerContract(seewebCase, 'fixtures/golden.txt')
