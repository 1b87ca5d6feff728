import { provisionerContract } from '../../contract/provisioner.ts'
import { gcpLaunchCase } from './gcp-launch-case.ts'

provisionerContract(gcpLaunchCase)
