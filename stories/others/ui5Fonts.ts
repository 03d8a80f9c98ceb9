import { setDefaultFontLoading } from '@ui5/webcomponents-base/dist/config/Fonts.js'

// To be imported before any component: they would be fetched from another host.
setDefaultFontLoading(false)
