import { provisionerContract } from '../../contract/provisioner.ts'
import { runpodLaunchCase } from './runpod-launch-case.ts'

provisionerContract(runpodLaunchCase)
