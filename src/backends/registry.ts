/** Made by scripts/generate-registry.ts from the folders beside it. */
import { aws } from './aws/backend.ts'
import { azure } from './azure/backend.ts'
import { cloudrift } from './cloudrift/backend.ts'
import { crusoe } from './crusoe/backend.ts'
import { cudo } from './cudo/backend.ts'
import { digitalocean } from './digitalocean/backend.ts'
import { docker } from './docker/backend.ts'
import { gcp } from './gcp/backend.ts'
import { hetzner } from './hetzner/backend.ts'
import { hotaisle } from './hotaisle/backend.ts'
import { hyperstack } from './hyperstack/backend.ts'
import { jarvislabs } from './jarvislabs/backend.ts'
import { kubernetes } from './kubernetes/backend.ts'
import { lambdalabs } from './lambdalabs/backend.ts'
import { linode } from './linode/backend.ts'
import { local } from './local/backend.ts'
import { nebius } from './nebius/backend.ts'
import { oci } from './oci/backend.ts'
import { ovh } from './ovh/backend.ts'
import { primeintellect } from './primeintellect/backend.ts'
import { runpod } from './runpod/backend.ts'
import { scaleway } from './scaleway/backend.ts'
import { seeweb } from './seeweb/backend.ts'
import { shadeform } from './shadeform/backend.ts'
import { simulator } from './simulator/backend.ts'
import { ssh } from './ssh/backend.ts'
import { tensordock } from './tensordock/backend.ts'
import { vastai } from './vastai/backend.ts'
import { verda } from './verda/backend.ts'
import { vultr } from './vultr/backend.ts'
import type { Backend } from './kit/importer.ts'
import type { Launcher } from './kit/provisioner.ts'

/** Every backend whose prices can be fetched, by name. */
export const backends: readonly Backend[] = [
  aws,
  azure,
  cloudrift,
  crusoe,
  cudo,
  digitalocean,
  gcp,
  hetzner,
  hotaisle,
  hyperstack,
  jarvislabs,
  kubernetes,
  lambdalabs,
  linode,
  nebius,
  oci,
  ovh,
  primeintellect,
  runpod,
  scaleway,
  seeweb,
  shadeform,
  ssh,
  tensordock,
  vastai,
  verda,
  vultr,
]

/** Every backend that can launch, by name. */
export const launchers: readonly Launcher[] = [
  aws,
  azure,
  digitalocean,
  docker,
  gcp,
  kubernetes,
  lambdalabs,
  local,
  oci,
  runpod,
  simulator,
  ssh,
  vastai,
  verda,
  vultr,
]
