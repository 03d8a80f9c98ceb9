import { createRequire } from 'node:module'
import reactQuery from '@tanstack/react-query/package.json' with { type: 'json' }
import * as React from 'react'
import * as ReactDOM from 'react-dom'
import * as ReactDOMClient from 'react-dom/client'
import { expect, inject, it } from 'vitest'

const versions = inject('versions')

it(`runs on React ${versions.react} and React Query ${versions.reactQuery}, one copy of each`, () => {
  expect([React.version, ReactDOM.version, reactQuery.version]).toEqual([
    versions.react,
    versions.react,
    versions.reactQuery,
  ])
  const require = createRequire(import.meta.url)
  expect(require('react').useState).toBe(React.useState)
  expect(require('react-dom/client').createRoot).toBe(ReactDOMClient.createRoot)
})
