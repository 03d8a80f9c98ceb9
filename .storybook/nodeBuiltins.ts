/** What the OData engine takes from Node's own modules, for a page. Its files are in memory, and it logs nothing. */

/** Of `http`. */
export { reasonPhrases as STATUS_CODES } from '../test/service/httpMessage.js'

/** Of `path`: joins without looking at dots. */
export const join = (...parts: readonly string[]): string => parts.join('/').replaceAll(/\/{2,}/g, '/')

/** Of `stream`. */
export class Stream {}

const { URL } = globalThis

export { URL }

/** Of `util`, for logs. */
export const inspect = String

/** Of `process`, for logs. */
export const stdout = { write() {} }
export const stderr = stdout
