import { provisionerContract } from '../../contract/provisioner.ts'
import { lambdaLaunchCase } from './lambda-launch-case.ts'

provisionerContract(lambdaLaunchCase)
