import { launchProperty } from '../../contract/launch-property.ts'
import { gcpLaunchCase } from './gcp-launch-case.ts'

launchProperty(gcpLaunchCase)
