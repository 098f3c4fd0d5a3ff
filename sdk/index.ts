export { start } from './start.ts'
export type { Call, Leadlight, News, Options, Sent, Traits } from './leadlight.ts'
export type { EventProperties, Item } from './event-properties.ts'
