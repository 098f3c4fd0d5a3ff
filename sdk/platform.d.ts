// What browsers have and TypeScript's DOM library has not.
interface Document {
  readonly prerendering?: boolean
}
interface Navigator {
  readonly globalPrivacyControl?: boolean
}
