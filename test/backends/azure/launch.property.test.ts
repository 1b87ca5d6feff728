import { launchProperty } from '../../contract/launch-property.ts'
import { azureLaunchCase } from './azure-launch-case.ts'

launchProperty(azureLaunchCase)
