import { launchProperty } from '../../contract/launch-property.ts'
import { digitaloceanLaunchCase } from './digitalocean-launch-case.ts'

launchProperty(digitaloceanLaunchCase)
