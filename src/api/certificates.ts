/** What an answer claims about itself, for another program to check. */
export {
  certify,
  toCertificateDocument,
  type Certificate,
  type CertifiedAnswer,
} from '#plans/certificate'
