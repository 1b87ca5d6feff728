import { provisionerContract } from '../../contract/provisioner.ts'
import { verdaLaunchCase } from './verda-launch-case.ts'

provisionerContract(verdaLaunchCase)
