/** Our props with the user's in place of those that are in both. */
type MergedProps<TOwn, TGiven> = Omit<TOwn, keyof TGiven> & TGiven

/**
 * Gives the props of one part. What you pass in is put over them: of two handlers yours runs first, and ours does not if yours
 * calls `preventDefault()`; of two styles ours wins where they contradict each other.
 */
export type PropGetter<TOwn, THandlers = unknown> = <TGiven extends object = Record<never, never>>(
  props?: TGiven & THandlers,
) => MergedProps<TOwn, TGiven>

type Props = Readonly<Record<string, unknown>>

/** Makes the getter of the props `own`. */
export function propGetter<TOwn extends object, THandlers = unknown>(own: TOwn): PropGetter<TOwn, THandlers> {
  return ((given?: Props) => {
    const merged: Record<string, unknown> = { ...own, ...given }
    for (const [name, ours] of Object.entries(own)) {
      const theirs = given?.[name]
      if (name === 'style') merged[name] = { ...(theirs as Props), ...ours }
      if (typeof ours !== 'function') continue
      merged[name] = (event: { readonly defaultPrevented: boolean }) => {
        if (typeof theirs === 'function') theirs(event)
        if (!event.defaultPrevented) ours(event)
      }
    }
    return merged
  }) as PropGetter<TOwn, THandlers>
}
