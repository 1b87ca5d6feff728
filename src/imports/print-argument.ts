/**
 * An argument as messages tell it. An address may hold a password, or a signature in its query: neither
 * is told. Pure.
 */
export const printArgument = (argument: string): string => {
  if (!/^\w+:\/\//.test(argument) || !URL.canParse(argument)) return argument
  const { protocol, host, pathname } = new URL(argument)
  return `${protocol}//${host}${pathname}`
}
