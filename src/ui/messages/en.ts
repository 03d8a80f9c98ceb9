export { defaultMessages as messages } from '../operationMessages.js'

/** English. */
export const locale = 'en'
