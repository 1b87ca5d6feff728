import { provisionerContract } from '../../contract/provisioner.ts'
import { azureLaunchCase } from './azure-launch-case.ts'

provisionerContract(azureLaunchCase)
