import { launchProperty } from '../../contract/launch-property.ts'
import { ociLaunchCase } from './oci-launch-case.ts'

launchProperty(ociLaunchCase)
