import { printConfiguration } from '#api/configuration'
import type { Subject } from '#cli/answer'
import type { Json } from '#domain/json'

/** The file that asked, as it was understood; secrets are masked. */
export const toSubjectDocument = (subject: Subject, profileName: string | null) =>
  ({
    file: subject.file,
    profile: profileName,
    unset_variables: subject.unsetVariables,
    normalized: printConfiguration(subject.configuration),
  }) satisfies Json
