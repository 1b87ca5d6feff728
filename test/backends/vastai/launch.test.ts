import { provisionerContract } from '../../contract/provisioner.ts'
import { vastaiLaunchCase } from './vastai-launch-case.ts'

provisionerContract(vastaiLaunchCase)
