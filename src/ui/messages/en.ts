export { defaultMessages as messages } from '../defaultMessages.js'

/** English. */
export const locale = 'en'
