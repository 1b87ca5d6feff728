/** Equal to the version in package.json; kept here so that `--version` reads no file. */
export const version = '0.1.0'
