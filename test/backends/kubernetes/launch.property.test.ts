import { launchProperty } from '../../contract/launch-property.ts'
import { kubernetesLaunchCase } from './kubernetes-launch-case.ts'

launchProperty(kubernetesLaunchCase, { runs: 100 })
