/** The server: runs looked after, served and scaled. */
export { type Log, newLog } from '#server/log'
export type { Certificates } from '#server/ports'
export { type RunningServer, startServer } from '#server/server'
export { letsEncrypt, newAcmeCertificates } from '#server/tls/acme-certificates'
export { newFileCertificates } from '#server/tls/file-certificates'
