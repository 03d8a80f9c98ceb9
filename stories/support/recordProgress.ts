/** Collects each value that a progress bar shows from now on, so that none is missed between two looks. */
export function recordProgress(bar: HTMLElement): readonly number[] {
  const values: number[] = []
  new MutationObserver(() => {
    const value = bar.getAttribute('aria-valuenow')
    if (value !== null && Number(value) !== values.at(-1)) values.push(Number(value))
  }).observe(bar, { attributeFilter: ['aria-valuenow'] })
  return values
}
