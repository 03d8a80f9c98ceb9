'use client'

import { type RefObject, useInsertionEffect, useRef } from 'react'

/** A ref to the value of the last committed render, for what runs later than any render. */
export function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value)
  useInsertionEffect(() => {
    ref.current = value
  })
  return ref
}
