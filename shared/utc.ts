import type { Instant } from './instant.ts'

/** An instant as it leaves the collector: RFC 3339 in UTC. */
export const utc = (at: Instant): string => new Date(at).toISOString()

export const utcOrNull = (at: Instant | null): string | null => (at === null ? null : utc(at))
