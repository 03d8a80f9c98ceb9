import './demo.css'
import { useState } from 'react'
import { BatchPanel, create, useODataBatch, WireLog, type WireLogStore } from 'react-odata-async'
import { correctRows, type ProductRow, productRows } from './productRows.js'

interface ImportProductsPageProps {
  /** What the service is told to do with the next start. */
  readonly headers: Readonly<Record<string, string>>
  /** Form of the batch; by default what the service says it takes. */
  readonly format?: 'json' | 'multipart' | undefined
  /** Requests in one batch; by default all. */
  readonly maxBatchSize?: number | undefined
  /** What goes over the wire, to be shown beside it. */
  readonly wire?: WireLogStore | undefined
}

const createProduct = ({ Line, ...product }: ProductRow) =>
  create('Products', product, { label: `Line ${Line}: ${product.Name ?? '(no name)'}` })

/** A page of a business app that saves the rows of a file, each as a request of one batch. */
export function ImportProductsPage({ headers, format, maxBatchSize, wire }: ImportProductsPageProps) {
  const [rows, setRows] = useState(productRows)
  const save = useODataBatch({
    requests: (given: readonly ProductRow[]) => given.map(createProduct),
    headers,
    format,
    maxBatchSize,
  })
  const [{ ID: firstId } = { ID: 0 }] = rows
  return (
    <div className="demo">
      <main className="demo-page">
        <h1>Import products</h1>
        <p className="demo-muted">
          A file of 200 lines. Three of them are wrong: the service will tell which, and why.
        </p>
        <div className="demo-form">
          <button type="button" className="demo-button" aria-disabled={save.isActive} onClick={() => save.start(rows)}>
            Import 200 products
          </button>
          <button
            type="button"
            className="demo-button"
            aria-disabled={!save.canRetryFailed}
            onClick={() => setRows(correctRows(firstId))}
          >
            Correct the three
          </button>
        </div>
        <BatchPanel
          label="Import"
          headingLevel={2}
          operation={save.operation}
          items={save.items}
          onCancel={save.cancel}
          onRetry={save.canRetry ? save.retry : undefined}
          onRetryFailed={save.canRetryFailed ? () => save.retryFailed(rows) : undefined}
        />
      </main>
      {wire && <WireLog log={wire} locale="en" />}
    </div>
  )
}
