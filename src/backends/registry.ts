/** Made by scripts/generate-registry.ts from the folders beside it. */
import { azure } from './azure/backend.ts'
import { cloudrift } from './cloudrift/backend.ts'
import { digitalocean } from './digitalocean/backend.ts'
import { hotaisle } from './hotaisle/backend.ts'
import { lambdalabs } from './lambdalabs/backend.ts'
import { runpod } from './runpod/backend.ts'
import { vastai } from './vastai/backend.ts'
import { verda } from './verda/backend.ts'
import { vultr } from './vultr/backend.ts'
import type { Backend } from './kit/importer.ts'

/** Every backend whose prices can be fetched, by name. */
export const backends: readonly Backend[] = [
  azure,
  cloudrift,
  digitalocean,
  hotaisle,
  lambdalabs,
  runpod,
  vastai,
  verda,
  vultr,
]
