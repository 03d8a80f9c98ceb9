import { toError } from '../errors.js'

/** Ends the planning of a batch, of which nothing is sent then. @throws {@link ODataConfigurationError} */
export function refuse(message: string): never {
  throw toError({ kind: 'configuration', message: `The batch is not sent. ${message}` })
}
