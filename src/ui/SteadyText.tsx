'use client'

import type { CSSProperties, ReactNode } from 'react'

interface SteadyTextProps {
  /** All that may be in its place. */
  readonly texts: readonly string[]
  readonly children?: ReactNode
}

// Inline, since the stylesheet is optional.
const stack: CSSProperties = { display: 'inline-grid' }
const layer: CSSProperties = { gridArea: '1 / 1' }
const ghost: CSSProperties = { ...layer, visibility: 'hidden' }

/** A text that takes the room of the largest that may be in its place, so that nothing moves when it changes. */
export function SteadyText({ texts, children }: SteadyTextProps) {
  return (
    <span style={stack}>
      {[...new Set(texts)].map((text) => (
        <span key={text} aria-hidden="true" style={ghost}>
          {text}
        </span>
      ))}
      <span style={layer}>{children}</span>
    </span>
  )
}
