/** Made by scripts/generate-registry.ts from the folders beside it. */
import { aws } from './aws/backend.ts'
import { azure } from './azure/backend.ts'
import { cloudrift } from './cloudrift/backend.ts'
import { crusoe } from './crusoe/backend.ts'
import { digitalocean } from './digitalocean/backend.ts'
import { gcp } from './gcp/backend.ts'
import { hetzner } from './hetzner/backend.ts'
import { hotaisle } from './hotaisle/backend.ts'
import { jarvislabs } from './jarvislabs/backend.ts'
import { lambdalabs } from './lambdalabs/backend.ts'
import { linode } from './linode/backend.ts'
import { oci } from './oci/backend.ts'
import { ovh } from './ovh/backend.ts'
import { runpod } from './runpod/backend.ts'
import { scaleway } from './scaleway/backend.ts'
import { seeweb } from './seeweb/backend.ts'
import { vastai } from './vastai/backend.ts'
import { verda } from './verda/backend.ts'
import { vultr } from './vultr/backend.ts'
import type { Backend } from './kit/importer.ts'

/** Every backend whose prices can be fetched, by name. */
export const backends: readonly Backend[] = [
  aws,
  azure,
  cloudrift,
  crusoe,
  digitalocean,
  gcp,
  hetzner,
  hotaisle,
  jarvislabs,
  lambdalabs,
  linode,
  oci,
  ovh,
  runpod,
  scaleway,
  seeweb,
  vastai,
  verda,
  vultr,
]
