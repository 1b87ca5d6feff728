import { importerContract } from '../../contract/importer.ts'
import { runpodCase } from './runpod-case.ts'

importerContract(runpodCase, 'fixtures/golden.txt')
