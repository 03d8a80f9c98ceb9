'use client'

import { type FocusEvent, useEffect, useRef } from 'react'

/**
 * Keeps the focus when the focused button of a group goes away: it moves to the last button that is left in the group, else
 * to `fallback`, else to the group itself. Spread `group` on the group's element, and give `fallback` as a ref.
 *
 * @param buttons selects what may get the focus
 */
export function useKeptFocus<TFallback extends HTMLElement = HTMLDivElement & HTMLHeadingElement>(buttons = 'button') {
  const fallback = useRef<TFallback>(null)
  const group = useRef<HTMLElement>(null)
  const focused = useRef<HTMLElement>(null)

  useEffect(() => {
    const { current: element } = focused
    // React handles no blur of an element that it takes away itself, so this one still counts as focused.
    if (element === null || (element.isConnected && !element.hidden)) return
    focused.current = null
    const { activeElement, body } = element.ownerDocument
    if (activeElement !== element && activeElement !== body) return
    const left = group.current?.querySelectorAll<HTMLElement>(buttons) ?? []
    const next = left[left.length - 1] ?? fallback.current ?? group.current
    next?.focus()
  })

  return {
    fallback,
    group: {
      onFocus: ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
        focused.current = target
        group.current = currentTarget
      },
      onBlur: ({ target }: FocusEvent<HTMLElement>) => {
        // Hidden while it had the focus: still to be moved.
        if (!target.hidden) focused.current = null
      },
    },
  }
}
