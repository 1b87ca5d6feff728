/**
 * Messages of Nebius's API, as far as they are read or written here. Names and numbers of fields are
 * those of the public definitions (github.com/nebius/api, August 2026).
 */
import protobuf from 'protobufjs/light.js'

type Fields = Readonly<Record<string, readonly [type: string, id: number]>>

const fieldOf = ([type, id]: readonly [type: string, id: number]): protobuf.IField => {
  const item = /^repeated (.+)$/.exec(type)?.[1]
  return item === undefined ? { type, id } : { rule: 'repeated', type: item, id }
}

const message = (fields: Fields): protobuf.IType => ({
  fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldOf(field)])),
})

/** Rows stay bytes at first: one that cannot be read costs itself alone, not its page. */
const rows = message({ items: ['repeated bytes', 1], next_page_token: ['string', 2] })

const root = protobuf.Root.fromJSON({
  nested: {
    ExchangeTokenRequest: message({
      grant_type: ['string', 1],
      requested_token_type: ['string', 2],
      subject_token: ['string', 3],
      subject_token_type: ['string', 4],
    }),
    CreateTokenResponse: message({ access_token: ['string', 1] }),
    ResourceMetadata: message({ id: ['string', 1], parent_id: ['string', 2], name: ['string', 3] }),
    ListTenantsRequest: message({ page_size: ['int32', 1], page_token: ['string', 2] }),
    ListProjectsRequest: message({
      parent_id: ['string', 1],
      page_size: ['int32', 2],
      page_token: ['string', 3],
    }),
    ListPlatformsRequest: message({
      page_size: ['int32', 1],
      page_token: ['string', 2],
      parent_id: ['string', 3],
    }),
    ListResourceAdviceRequest: message({
      parent_id: ['string', 1],
      page_size: ['int32', 2],
      page_token: ['string', 3],
    }),
    Rows: rows,
    Container: message({
      metadata: ['ResourceMetadata', 1],
      spec: ['ContainerSpec', 2],
      status: ['ContainerStatus', 3],
    }),
    ContainerSpec: message({ region: ['string', 1] }),
    ContainerStatus: message({
      suspension_state: ['int32', 2],
      container_state: ['int32', 3],
      region: ['string', 4],
    }),
    Platform: message({
      metadata: ['ResourceMetadata', 1],
      spec: ['PlatformSpec', 2],
      status: ['PlatformStatus', 3],
    }),
    PlatformSpec: message({
      presets: ['repeated Preset', 1],
      human_readable_name: ['string', 4],
      short_human_readable_name: ['string', 10],
      gpu_memory_gibibytes: ['int32', 11],
      gpu_memory_gigabytes: ['int32', 12],
    }),
    Preset: message({ name: ['string', 1], resources: ['PresetResources', 2] }),
    PresetResources: message({
      vcpu_count: ['int32', 1],
      memory_gibibytes: ['int32', 3],
      gpu_count: ['int32', 4],
    }),
    PlatformStatus: message({ allowed_for_preemptibles: ['bool', 3] }),
    ResourceAdvice: message({
      spec: ['ResourceAdviceSpec', 2],
      status: ['ResourceAdviceStatus', 3],
    }),
    ResourceAdviceSpec: message({
      region: ['string', 1],
      compute_instance: ['ComputeInstanceDetails', 10],
    }),
    ComputeInstanceDetails: message({ platform: ['string', 1], preset: ['Preset', 2] }),
    ResourceAdviceStatus: message({
      on_demand: ['Availability', 2],
      preemptible: ['Availability', 3],
    }),
    Availability: message({
      data_state: ['int32', 1],
      available: ['uint32', 2],
      limit: ['uint32', 4],
    }),
    EstimateRequest: message({ resource_spec: ['ResourceSpec', 1] }),
    ResourceSpec: message({ compute_instance_spec: ['CreateInstanceRequest', 100] }),
    CreateInstanceRequest: message({
      metadata: ['ResourceMetadata', 1],
      spec: ['InstanceSpec', 2],
    }),
    InstanceSpec: message({
      resources: ['ResourcesSpec', 2],
      preemptible: ['PreemptibleSpec', 19],
    }),
    ResourcesSpec: message({ platform: ['string', 1], preset: ['string', 2] }),
    PreemptibleSpec: message({ on_preemption: ['int32', 1], priority: ['int32', 2] }),
    EstimateResponse: message({ hourly_cost: ['ResourceGroupCost', 10] }),
    ResourceGroupCost: message({ general: ['GeneralTotalCost', 10] }),
    GeneralTotalCost: message({ total: ['CostBreakdown', 1] }),
    CostBreakdown: message({ cost: ['string', 2] }),
  },
})

export type MessageName =
  | 'ExchangeTokenRequest'
  | 'CreateTokenResponse'
  | 'ListTenantsRequest'
  | 'ListProjectsRequest'
  | 'ListPlatformsRequest'
  | 'ListResourceAdviceRequest'
  | 'Rows'
  | 'Container'
  | 'Platform'
  | 'ResourceAdvice'
  | 'EstimateRequest'
  | 'EstimateResponse'

export const encode = (name: MessageName, value: Record<string, unknown>): Uint8Array => {
  const type = root.lookupType(name)
  return type.encode(type.fromObject(value)).finish()
}

/** Fields that did not come are what protobuf takes them for: empty, zero, false or null. */
export const decode = (name: MessageName, bytes: Uint8Array): unknown => {
  const type = root.lookupType(name)
  return type.toObject(type.decode(bytes), { defaults: true, arrays: true })
}
