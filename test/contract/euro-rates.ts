/** The daily rates of the European Central Bank, in the shape it publishes them. */
import type { Reply } from './scripted-server.ts'

export const euroRatesXml = (
  day: string,
  perEuro: Readonly<Record<string, string>>,
): string => `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender>
		<gesmes:name>European Central Bank</gesmes:name>
	</gesmes:Sender>
	<Cube>
		<Cube time='${day}'>
${Object.entries(perEuro)
  .map(([currency, rate]) => `\t\t\t<Cube currency='${currency}' rate='${rate}'/>`)
  .join('\n')}
		</Cube>
	</Cube>
</gesmes:Envelope>
`

export const euroRatesReply = (day: string, usd: string): Exclude<Reply, string> => ({
  headers: { 'content-type': 'text/xml' },
  body: euroRatesXml(day, { USD: usd, JPY: '167.35', GBP: '0.8364' }),
})
