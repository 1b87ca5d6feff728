import { aws } from '#backends/aws/backend'
import type { FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow } from '../../contract/importer-case.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import { readFixture } from '../read-fixture.ts'
import { ec2Refusal } from './ec2-answers.ts'
import { newFakeEc2 } from './fake-ec2.ts'

const m5 = anInstanceType({ name: 'm5.large' })
const g6 = anInstanceType({ name: 'g6.xlarge', gpu: aGpu({ name: 'L4' }), gpuCount: 1 })

const actionOf = ({ body }: FakeRequest): unknown => (isRow(body) ? body['Action'] : null)

export const awsLaunchCase: ProvisionerCase = {
  launcher: aws,
  environment: {
    AWS_ACCESS_KEY_ID: 'canary-aws-id-31',
    AWS_SECRET_ACCESS_KEY: 'canary-aws-secret-32',
  },
  offers: [
    anOffer({ region: 'us-east-1', instanceType: m5, priceNanoUsd: 96_000_000 }),
    anOffer({ region: 'eu-west-1', instanceType: m5, priceNanoUsd: 107_000_000 }),
    anOffer({ region: 'eu-west-1', instanceType: g6, priceNanoUsd: 894_000_000 }),
  ],
  spotOffer: anOffer({ spot: true, instanceType: m5, priceNanoUsd: 41_000_000 }),
  newModel: newFakeEc2,
  isCreate: (request) => actionOf(request) === 'RunInstances',
  isRead: (request) =>
    actionOf(request) === 'DescribeInstances' &&
    isRow(request.body) &&
    request.body['InstanceId.1'] !== undefined,
  isDestroy: (request) => actionOf(request) === 'TerminateInstances',
  errors: readFixture('aws', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, code, message }) => ec2Refusal(status, code ?? '', message),
  makesSideObjects: true,
  // Reads are POSTs too.
  isUnplanned: (request) => String(actionOf(request)).startsWith('Describe'),
}
