/** A replica that says which process it is, after `?ms=` of thinking. */
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url, 'http://replica')
  request.resume()
  setTimeout(() => response.end(String(process.pid)), Number(searchParams.get('ms') ?? 0))
})
server.keepAliveTimeout = 60_000
server.listen(Number(process.env.PORT))

process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
