import { executable } from './chromium.ts'

/** Unpacks the browser once, before test files run side by side. */
export default async function setup(): Promise<void> {
  await executable()
}
