import { provisionerContract } from '../../contract/provisioner.ts'
import { kubernetesLaunchCase } from './kubernetes-launch-case.ts'

provisionerContract(kubernetesLaunchCase)
