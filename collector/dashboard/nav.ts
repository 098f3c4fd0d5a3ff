import type { Word } from './words.ts'

/** The pages that the head of every page leads to, in order. A page that is not here is reached from one of these. */
export const NAV = [
  { path: '/home', word: 'nav.home' },
  { path: '/leads', word: 'nav.leads' },
  { path: '/content', word: 'nav.content' },
  { path: '/scoring', word: 'nav.scoring' },
  { path: '/settings', word: 'nav.settings' },
] as const satisfies { path: string; word: Word }[]

export type NavPath = (typeof NAV)[number]['path']
