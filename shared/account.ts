/** Somebody who uses the dashboard. Their id stands as the actor of what they decide. */
export interface Account {
  id: string
  name: string
}
