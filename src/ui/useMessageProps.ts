'use client'

import { createContext, useContext, useMemo } from 'react'
import type { MessageProps } from './operationMessages.js'

/** Texts and locale for all components below. */
export const MessagesContext = /* @__PURE__ */ createContext<MessageProps>({})

/** The texts and the locale of a component: its own, and what it does not have of those of the provider above it. */
export function useMessageProps({ messages, locale }: MessageProps): MessageProps {
  const above = useContext(MessagesContext)
  return useMemo(
    () => ({ messages: { ...above.messages, ...messages }, locale: locale ?? above.locale }),
    [above, messages, locale],
  )
}
