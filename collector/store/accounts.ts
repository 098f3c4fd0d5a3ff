import type { Account } from '../../shared/account.ts'
import type { Instant } from '../../shared/instant.ts'

// Secrets of links and of sessions are kept as their SHA-256 alone, in hexadecimal: `hash` below.

/** Who uses the dashboard, and who is signed in. */
export interface AccountReader {
  /** Those who have set a password, the first one first. */
  accounts(): Promise<Account[]>
  /** With the hash of the password; `null` for one that has none yet. */
  accountByName(name: string): Promise<(Account & { password: string | null }) | null>
  /** Whose one-time link it is, while it is good. */
  accountByLink(hash: string, now: Instant): Promise<Account | null>
  /** Whose session it is, while it lasts. */
  accountBySession(hash: string, now: Instant): Promise<Account | null>
}

export interface AccountWriter {
  /** Keeps a link for the account of that name, which is made if there is none. Links that it had before are void. */
  addLoginLink(name: string, hash: string, expiresAt: Instant, now: Instant): Promise<Account>
  /** Uses up a link: sets the password of its account and ends its sessions. A link that is not good is refused (`not_found`). */
  setPassword(hash: string, password: string, now: Instant): Promise<Account>
  addSession(account: string, hash: string, expiresAt: Instant, now: Instant): Promise<void>
  endSession(hash: string): Promise<void>
}
