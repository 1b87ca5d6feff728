import { importerContract } from '../../contract/importer.ts'
import { verdaCase } from './verda-case.ts'

importerContract(verdaCase, 'fixtures/golden.txt')
