import { launchProperty } from '../../contract/launch-property.ts'
import { awsLaunchCase } from './aws-launch-case.ts'

launchProperty(awsLaunchCase)
