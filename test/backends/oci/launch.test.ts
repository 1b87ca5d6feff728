import { provisionerContract } from '../../contract/provisioner.ts'
import { ociLaunchCase } from './oci-launch-case.ts'

provisionerContract(ociLaunchCase)
