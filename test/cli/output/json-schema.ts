/** As much of JSON Schema 2020-12 as the schemas of this program use. An unknown keyword is an error. */
type Value = unknown
type Check = (rule: Value, value: Value, at: string, schema: Record<string, Value>) => string[]

const isRecord = (value: Value): value is Record<string, Value> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typeOf = (value: Value): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const sameJson = (left: Value, right: Value): boolean =>
  JSON.stringify(left) === JSON.stringify(right)

const nothing: Check = () => []

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

const keywords: Record<string, Check> = {
  $schema: nothing,
  $id: nothing,
  title: nothing,
  description: nothing,
  type: (rule, value, at) => {
    const allowed = Array.isArray(rule) ? rule : [rule]
    const type = typeOf(value)
    const fits = allowed.includes(type) || (type === 'integer' && allowed.includes('number'))
    return fits ? [] : [`${at}: ${type} is not ${allowed.join(' or ')}`]
  },
  const: (rule, value, at) => (sameJson(rule, value) ? [] : [`${at}: is not ${String(rule)}`]),
  enum: (rule, value, at) =>
    Array.isArray(rule) && rule.some((one) => sameJson(one, value))
      ? []
      : [`${at}: ${JSON.stringify(value)} is not in the enum`],
  pattern: (rule, value, at) =>
    typeof value !== 'string' || new RegExp(String(rule), 'u').test(value)
      ? []
      : [`${at}: "${value}" does not match ${String(rule)}`],
  format: (rule, value, at) =>
    rule === 'date-time' && typeof value === 'string' && !rfc3339.test(value)
      ? [`${at}: "${value}" is no date-time`]
      : [],
  minimum: (rule, value, at) =>
    typeof value === 'number' && value < Number(rule) ? [`${at}: below ${String(rule)}`] : [],
  exclusiveMinimum: (rule, value, at) =>
    typeof value === 'number' && value <= Number(rule) ? [`${at}: not above ${String(rule)}`] : [],
  anyOf: (rule, value, at) => {
    const answers = (Array.isArray(rule) ? rule : []).map((one) => check(one, value, at))
    return answers.some((errors) => errors.length === 0) ? [] : (answers[0] ?? [])
  },
  items: (rule, value, at) =>
    Array.isArray(value) ? value.flatMap((one, index) => check(rule, one, `${at}[${index}]`)) : [],
  required: (rule, value, at) =>
    isRecord(value) && Array.isArray(rule)
      ? rule.filter((key) => !(String(key) in value)).map((key) => `${at}.${String(key)}: missing`)
      : [],
  properties: (rule, value, at) =>
    isRecord(value) && isRecord(rule)
      ? Object.entries(rule).flatMap(([key, one]) =>
          key in value ? check(one, value[key], `${at}.${key}`) : [],
        )
      : [],
  additionalProperties: (rule, value, at, { properties }) =>
    rule === false && isRecord(value) && isRecord(properties)
      ? Object.keys(value)
          .filter((key) => !(key in properties))
          .map((key) => `${at}.${key}: not allowed`)
      : [],
}

/** What is wrong with the value; empty where it is valid. */
export const check = (schema: Value, value: Value, at = '$'): string[] => {
  if (!isRecord(schema)) throw new Error(`${at}: the schema is no object`)
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    const rules = keywords[keyword]
    if (rules === undefined) throw new Error(`${at}: unknown keyword ${keyword}`)
    return rules(rule, value, at, schema)
  })
}
