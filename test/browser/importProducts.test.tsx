import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import ky from 'ky'
import { expect, it } from 'vitest'
import { ImportProductsPage } from '../../stories/support/ImportProductsPage.js'
import { type BehaviourOptions, behaviourAsHeaders } from '../service/behaviour.js'
import { renderBrowserApp, serviceJobs, serviceRequests } from './browserApp.js'

const click = (name: string) => userEvent.click(screen.getByRole('button', { name }))
const panel = () => screen.getByRole('region', { name: 'Import' })
/** Waits until the panel says it. */
const said = (text: string) => waitFor(() => expect(panel()).toHaveTextContent(text))
const listed = () =>
  within(panel())
    .queryAllByRole('listitem')
    .map(({ textContent }) => textContent?.trim())

/** Keeps the bodies of the batches that are sent. */
function recordBatches() {
  const bodies: string[] = []
  const http = ky.create({
    hooks: {
      beforeRequest: [
        async ({ request }) => {
          if (request.method === 'POST') bodies.push(await request.clone().text())
        },
      ],
    },
  })
  return { bodies, http }
}

/** The keys of the products that a batch, in either format, creates. */
const createdBy = (body: string) => [...body.matchAll(/"ID":(\d+)/g)].map(([, id]) => Number(id))

const productCount = async () => (await (await fetch('/odata/Products')).json()).value.length

it.each<[string, 'json' | 'multipart', BehaviourOptions, number | undefined]>([
  ['in JSON, at once', 'json', { service: ['sync'] }, undefined],
  ['in multipart, at once', 'multipart', { service: ['sync'] }, undefined],
  ['in JSON, told bit by bit', 'json', { duration: 1000, retryAfter: 0, service: ['interim-results'] }, undefined],
  [
    'in multipart, told bit by bit',
    'multipart',
    { duration: 1000, retryAfter: 0, service: ['interim-results'] },
    undefined,
  ],
  ['in four pieces', 'json', { duration: 200, retryAfter: 0 }, 50],
])(
  'creates 200 products, says which three failed and why, and retries exactly those: %s',
  async (_, format, behaviour, maxBatchSize) => {
    const { bodies, http } = recordBatches()
    const before = await productCount()
    const headers = behaviourAsHeaders(behaviour)
    renderBrowserApp(<ImportProductsPage headers={headers} format={format} maxBatchSize={maxBatchSize} />, { http })
    await click('Import 200 products')
    await said('197 of 200 saved, 3 failed.')
    expect(listed()).toEqual([
      'Line 12: Pencil set Failed Price is -19.9. Give 0 or more.',
      'Line 57: (no name) Failed The request has wrong data: Name is missing.',
      'Line 143: Office chair Failed Products has an entity with the key 4.',
    ])
    const sent = bodies.splice(0).flatMap(createdBy)
    expect(sent).toHaveLength(200)
    expect(await productCount()).toBe(before + 197)

    await click('Correct the three')
    await click('Retry failed (3)')
    await said('200 of 200 saved.')
    expect(listed()).toEqual([])
    expect(bodies).toHaveLength(1)
    const [first = 0] = sent
    expect(bodies.flatMap(createdBy)).toEqual([first + 11, first + 56, first + 142])
    expect(await productCount()).toBe(before + 200)
  },
)

it('shows what has failed so far while the service goes on', async () => {
  const headers = behaviourAsHeaders({ duration: 4000, retryAfter: 0, service: ['interim-results'] })
  renderBrowserApp(<ImportProductsPage headers={headers} format="json" />)
  await click('Import 200 products')
  await waitFor(() => expect(panel()).toHaveTextContent(/\d+ of 200 · [1-3] failed/))
  expect(screen.getByRole('button', { name: 'Cancel' })).toBeVisible()
  expect(listed()[0]).toBe('Line 12: Pencil set Failed Price is -19.9. Give 0 or more.')
})

it.each(['multipart', 'json'] as const)('cancels on the way in %s, and keeps what is known', async (format) => {
  const headers = behaviourAsHeaders({ duration: 20_000, retryAfter: 0, service: ['interim-results'] })
  renderBrowserApp(<ImportProductsPage headers={headers} format={format} />)
  await click('Import 200 products')
  await waitFor(() => expect(panel()).toHaveTextContent(/[1-9]\d* of 200/))
  await click('Cancel')
  await said('Cancelled. Work already done may remain.')
  expect(panel()).toHaveTextContent(/[1-9]\d* of 200 saved, \d+ unknown\./)
  expect(await serviceJobs()).toMatchObject([{ state: 'cancelled', aborted: true }])
  const cancels = (await serviceRequests()).filter(({ method }) => method === 'DELETE')
  expect(cancels).toHaveLength(1)
})
