/**
 * EBS gp3 in nano-USD per GB and month, by region; IOPS and throughput above the base cost extra.
 * Regions without a line are not counted.
 */
export const awsGp3: ReadonlyMap<string, number> = new Map([
  ['us-east-1', 80_000_000],
  ['us-east-2', 80_000_000],
  ['us-west-1', 96_000_000],
  ['us-west-2', 80_000_000],
  ['ca-central-1', 88_000_000],
  ['sa-east-1', 152_000_000],
  ['eu-west-1', 88_000_000],
  ['eu-west-2', 92_800_000],
  ['eu-west-3', 92_800_000],
  ['eu-central-1', 95_200_000],
  ['eu-north-1', 83_600_000],
  ['ap-south-1', 91_200_000],
  ['ap-southeast-1', 96_000_000],
  ['ap-southeast-2', 96_000_000],
  ['ap-northeast-1', 96_000_000],
  ['ap-northeast-2', 91_200_000],
])
