import { importerContract } from '../../contract/importer.ts'
import { digitaloceanCase } from './digitalocean-case.ts'

importerContract(digitaloceanCase, 'fixtures/golden.txt')
