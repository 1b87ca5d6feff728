import { importerContract } from '../../contract/importer.ts'
import { linodeCase } from './linode-case.ts'

importerContract(linodeCase, 'fixtures/golden.txt')
