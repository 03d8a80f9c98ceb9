'use client'

import { type FocusEvent, useEffect, useRef } from 'react'

/**
 * Keeps the focus when the focused button of a group goes away: it moves to the last button that is left in the group, else
 * to `fallback`. Spread `group` on the group's element, and give `fallback` as a ref.
 */
export function useKeptFocus() {
  const fallback = useRef<HTMLDivElement & HTMLHeadingElement>(null)
  const group = useRef<HTMLDivElement>(null)
  const focused = useRef<Element>(null)

  useEffect(() => {
    // React handles no blur of an element that it takes away itself, so this one still counts as focused.
    if (focused.current === null || focused.current.isConnected) return
    focused.current = null
    const { current: element } = group
    if (element && element.ownerDocument.activeElement !== element.ownerDocument.body) return
    const next = element?.querySelector<HTMLElement>('button:last-of-type') ?? fallback.current
    next?.focus()
  })

  return {
    fallback,
    group: {
      ref: group,
      onFocus: ({ target }: FocusEvent) => {
        focused.current = target
      },
      onBlur: () => {
        focused.current = null
      },
    },
  }
}
