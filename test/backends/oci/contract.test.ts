import { importerContract } from '../../contract/importer.ts'
import { ociCase } from './oci-case.ts'

importerContract(ociCase, 'fixtures/golden.txt')
