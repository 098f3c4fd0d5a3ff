import { setTimeout as sleep } from 'node:timers/promises'
import type { Duration } from '../../shared/instant.ts'

// Whoever asks again as soon as it is answered takes as much of a collector as it is given. Here it is given its turn.

/** So many are told within a millisecond that they sent too much. */
const TOLD = 4

let told = 0

/** Resolves after so long; at once, without even a task, if that is now. */
export const wait = (time: Duration): Promise<void> | undefined => (time > 0 ? sleep(time) : undefined)

/** Resolves when it is the turn of one more who sent too much: the more there are, the longer each of them waits. */
export async function turnAway(): Promise<void> {
  await sleep(++told / TOLD)
  told--
}
