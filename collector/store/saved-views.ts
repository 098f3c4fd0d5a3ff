import type { Instant } from '../../shared/instant.ts'
import type { SavedView } from '../../shared/saved-view.ts'

export interface SavedViewReader {
  /** Of a site, by name. */
  savedViews(site: number): Promise<SavedView[]>
}

export interface SavedViewWriter {
  /** Keeps a question under a name; one that had that name is replaced. */
  saveView(site: number, view: Omit<SavedView, 'id'>, author: string, now: Instant): Promise<void>
  removeView(site: number, id: number): Promise<void>
}
