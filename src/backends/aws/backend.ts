import type { Backend } from '#backends/kit/importer'
import type { Launcher } from '#backends/kit/provisioner'

export const aws: Backend & Launcher = {
  name: 'aws',
  title: 'Amazon EC2',
  notes: [
    'on-demand prices of Linux on shared tenancy; EBS volumes and traffic cost extra',
    'with credentials: types and regions that the account has, and spot prices, each of the dearest zone',
    'a listed type may still need a quota; the largest GPU types are often sold as capacity blocks only',
  ],
  endpoint: 'https://pricing.us-east-1.amazonaws.com',
  hosts: {
    ec2: 'https://ec2.{region}.amazonaws.com',
    sts: 'https://sts.{region}.amazonaws.com',
    advisor: 'https://spot-bid-advisor.s3.amazonaws.com',
  },
  importer: async () => (await import('./importer.ts')).awsImporter,
  provisioner: async () => (await import('./provisioner.ts')).awsProvisioner,
}
