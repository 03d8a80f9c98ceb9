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

type Context = StoryContext<ReactRenderer> & PreparedStory<ReactRenderer>

/**
 * Holds the accessibility rules against each story in every mode, as it is after its play function: it is shown again in place,
 * without a new start. Storybook's preview annotation of the tests; light is checked by the addon itself.
 */
export async function afterEach(context: Context): Promise<void> {
  if (context.parameters.a11y?.test !== 'error') return
  const begun = { ...context.globals }
  for (const [name, { globals, media }] of Object.entries(modes)) {
    await show(context, { ...begun, ...globals }, { ...noWishes, ...media })
    try {
      await checkAccessibility(context)
    } catch (error) {
      throw new Error(`In the mode "${name}": ${error instanceof Error ? error.message : error}`, { cause: error })
    } finally {
      await show(context, begun, noWishes)
    }
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
