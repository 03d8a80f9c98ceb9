import { Controls, Description, Primary, Stories, Title } from '@storybook/addon-docs/blocks'

/** The page of a hook: what it is for, a live probe with its code, its options, and the other stories. */
export function HookDocs() {
  return (
    <>
      <Title />
      <Description />
      <Primary />
      <Controls />
      <Stories includePrimary={false} />
    </>
  )
}
