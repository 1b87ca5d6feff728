import { provisionerContract } from '../../contract/provisioner.ts'
import { digitaloceanLaunchCase } from './digitalocean-launch-case.ts'

provisionerContract(digitaloceanLaunchCase)
