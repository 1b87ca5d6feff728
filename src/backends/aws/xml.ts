/** XML as EC2 and STS write it, as plain values: texts, records, and lists of `item`s. */
import { parseXml, XmlElement, XmlError } from '@rgrove/parse-xml'
import { UpstreamInvalidError } from '#domain/errors'

const valueOf = (element: XmlElement): unknown => {
  const inner = element.children.filter((child) => child instanceof XmlElement)
  if (inner.length === 0) return element.text.trim()
  return inner.every(({ name }) => name === 'item')
    ? inner.map(valueOf)
    : Object.fromEntries(inner.map((child) => [child.name, valueOf(child)]))
}

/** What stands in the root element. A list without items is an empty text. */
export const readXml = (text: string, what: string): unknown => {
  try {
    const { root } = parseXml(text)
    return root === null ? '' : valueOf(root)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    // The parser's message quotes the answer.
    throw new UpstreamInvalidError(`${what}: the answer is no XML`)
  }
}
