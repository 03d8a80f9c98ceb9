'use client'

import type { ReactNode } from 'react'
import type { MessageProps } from './operationMessages.js'
import { MessagesContext, useMessageProps } from './useMessageProps.js'

/** Props of {@link OperationMessagesProvider}. */
export interface OperationMessagesProviderProps extends MessageProps {
  readonly children?: ReactNode
}

/**
 * Texts and locale for all components below it. Those of a component itself come before these, text by text; so do those of a
 * provider further inside.
 *
 * @example
 * import * as german from 'react-odata-async/messages/de'
 *
 * <OperationMessagesProvider {...german}>
 *   <App />
 * </OperationMessagesProvider>
 */
export function OperationMessagesProvider({ children, ...own }: OperationMessagesProviderProps) {
  return <MessagesContext.Provider value={useMessageProps(own)}>{children}</MessagesContext.Provider>
}
