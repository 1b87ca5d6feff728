import { provisionerContract } from '../../contract/provisioner.ts'
import { vultrLaunchCase } from './vultr-launch-case.ts'

provisionerContract(vultrLaunchCase)
