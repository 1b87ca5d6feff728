import { provisionerContract } from '../../contract/provisioner.ts'
import { awsLaunchCase } from './aws-launch-case.ts'

provisionerContract(awsLaunchCase)
