/** A question about leads that somebody keeps under a name, for everybody who looks at the site. */
export interface SavedView {
  id: number
  name: string
  /** As it stands in the address: `stage=mql&score_gte=60`. */
  query: string
}
