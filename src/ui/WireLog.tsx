'use client'

import {
  type ComponentPropsWithoutRef,
  forwardRef,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useSyncExternalStore,
} from 'react'
import type { WireLogEntry, WireLogStore } from '../core/createWireLog.js'
import { useMessageProps } from './useMessageProps.js'
import { WireLine } from './WireLine.js'
import { type WireMessages, wireMessages } from './wireMessages.js'

/** Props of {@link WireLog}. */
export interface WireLogProps
  extends Omit<
    ComponentPropsWithoutRef<'section'>,
    'children' | 'role' | 'tabIndex' | 'aria-label' | 'aria-labelledby'
  > {
  /** What {@link createWireLog} has made. */
  readonly log: Pick<WireLogStore, 'subscribe' | 'getSnapshot'>
  /**
   * Shows the requests of this operation, those of its pieces and of the requests of a batch included.
   * @default all
   */
  readonly operationId?: string | undefined
  /** Texts that replace the English ones. */
  readonly messages?: Partial<WireMessages> | undefined
  /**
   * BCP 47 tag for times.
   * @default that of the `OperationMessagesProvider`, else the locale of the browser
   */
  readonly locale?: string | undefined
}

const nothing: readonly WireLogEntry[] = []

/** px within which the end of the log is in view. */
const nearEnd = 8

/**
 * What goes over the wire, for developers: of each request the time, method and path, the answer, `Retry-After` and `Location`. A
 * table that scrolls; it stays at its end until the reader scrolls up, and from there on when they are back. Nothing of it is announced.
 *
 * URLs in it may be secrets: it is not for what users see.
 *
 * @example
 * const log = createWireLog()
 * const client = createODataClient({ serviceUrl: '/odata/', onExchange: log.onExchange })
 *
 * <WireLog log={log} operationId={report.operation?.id} />
 */
export const WireLog = /* @__PURE__ */ forwardRef<HTMLElement, WireLogProps>(function WireLog(
  { log, operationId, messages, locale: ownLocale, className, onScroll, ...rest },
  ref,
) {
  const captionId = useId()
  const scroller = useRef<HTMLElement>(null)
  const isAtEnd = useRef(true)
  const { locale } = useMessageProps({ locale: ownLocale })
  const entries = useSyncExternalStore(log.subscribe, log.getSnapshot, () => nothing)
  const texts = { ...wireMessages, ...messages }
  const shown =
    operationId === undefined
      ? entries
      : entries.filter((entry) => `${entry.operationId}/`.startsWith(`${operationId}/`))

  useImperativeHandle(ref, () => scroller.current as HTMLElement)

  useEffect(() => {
    const { current: element } = scroller
    if (element && isAtEnd.current && entries.length > 0) element.scrollTop = element.scrollHeight
  }, [entries])

  return (
    <section
      {...rest}
      ref={scroller}
      aria-labelledby={captionId}
      className={className ? `odata-wire ${className}` : 'odata-wire'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd
        onScroll?.(event)
      }}
    >
      <table>
        <caption id={captionId}>{texts.caption()}</caption>
        <thead>
          <tr>
            {[texts.time(), texts.request(), texts.answer(), 'Retry-After', 'Location'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((entry) => (
            <WireLine key={entry.number} exchange={entry} status={texts.status} locale={locale} />
          ))}
          {shown.length === 0 && (
            <tr>
              <td colSpan={5}>{texts.empty()}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
})
