import { afterEach as checkAccessibility } from '@storybook/addon-a11y/preview'
import type { ReactRenderer } from '@storybook/react-vite'
import type { PreparedStory, StoryContext } from 'storybook/internal/types'
import { cdp } from 'vitest/browser'

interface Mode {
  /** What the toolbar of Storybook would say. */
  readonly globals?: Readonly<Record<string, string>>
  /** What the browser says of its user. */
  readonly media?: Readonly<Record<string, string>>
}

const modes: Readonly<Record<string, Mode>> = {
  dark: { globals: { theme: 'dark' } },
  'right to left': { globals: { dir: 'rtl' } },
  // They know no theme. But Chromium computes for a link's text, in a colour that nobody sees and axe reads, that of the theme.
  'forced colours': { globals: { theme: 'light' }, media: { 'forced-colors': 'active' } },
  'reduced motion': { media: { 'prefers-reduced-motion': 'reduce' } },
}

/** Of a user without wishes, as which every story begins. */
const noWishes = { 'forced-colors': 'none', 'prefers-reduced-motion': 'no-preference' }

/** A third of the time: it does not say what it found to be right, nor read the style sheets again. */
const options = { resultTypes: ['violations'], preload: false }

type Context = StoryContext<ReactRenderer> & PreparedStory<ReactRenderer>

/**
 * Holds the accessibility rules against each story in every mode, as it is after its play function: it is shown again in place,
 * without a new start. Storybook's preview annotation of the tests; light is checked by the addon itself.
 */
export async function afterEach(context: Context): Promise<void> {
  const { a11y } = context.parameters
  if (a11y?.test !== 'error') return
  const parameters = { ...context.parameters, a11y: { ...a11y, options: { ...a11y.options, ...options } } }
  const begun = { ...context.globals }
  try {
    for (const [name, { globals, media }] of Object.entries(modes)) {
      await show(context, { ...begun, ...globals }, { ...noWishes, ...media })
      try {
        await checkAccessibility({ ...context, parameters })
      } catch (cause) {
        throw new Error(`In the mode "${name}": ${cause instanceof Error ? cause.message : cause}`, { cause })
      }
    }
  } finally {
    await show(context, begun, noWishes)
  }
}

/** Does what Storybook does when something is chosen in its toolbar. */
async function show(context: Context, globals: Context['globals'], media: Mode['media'] = {}): Promise<void> {
  const features = Object.entries(media).map(([name, value]) => ({ name, value }))
  await cdp().send('Emulation.setEmulatedMedia', { features })
  Object.assign(context.globals, globals)
  await globalThis.globalProjectAnnotations.renderToCanvas?.(
    {
      ...context,
      storyContext: context,
      storyFn: () => context.unboundStoryFn(context),
      forceRemount: false,
      showMain() {},
      showError: fail,
      showException: fail,
    },
    context.canvasElement,
  )
}

function fail(error: unknown): never {
  throw error
}
