import { type OperationMessages, panelMessages } from './operationMessages.js'
import { trayMessages } from './trayMessages.js'

/** The texts in English. */
export const defaultMessages: OperationMessages = { ...panelMessages, ...trayMessages }
