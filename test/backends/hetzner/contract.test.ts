import { importerContract } from '../../contract/importer.ts'
import { hetznerCase } from './hetzner-case.ts'

importerContract(hetznerCase, 'fixtures/golden.txt')
