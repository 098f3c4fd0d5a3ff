// A search for letters that compress better: `node test/bench/letters.mjs SECONDS`, after the script has changed.
// Prints the LETTERS for rollup.config.mjs.

import { rollup } from 'rollup'
import { brotliSize, compress, LETTERS, mangle, typescript } from '../../rollup.config.mjs'

const seconds = Number(process.argv[2] ?? 60)
const bundle = await rollup({ input: 'sdk/script.ts', plugins: [typescript] })
const [{ code }] = (await bundle.generate({ format: 'iife', strict: false })).output
const compressed = await compress(code)
const sizeWith = async letters => brotliSize((await mangle(compressed.code, letters)).code)

let best = LETTERS
let least = await sizeWith(best)
console.log(`${least} bytes`)
for (const end = Date.now() + seconds * 1_000; Date.now() < end;) {
  const letters = Math.random() < 0.6 ? { ...best, top: swap(best.top, 28) } : { ...best, inner: swap(best.inner, 22) }
  const size = await sizeWith(letters)
  if (size > least) continue
  if (size < least) console.log(`${size} bytes`)
  least = size
  best = letters
}
console.log(best)

/** Two letters change places, one of them among the first so many, which are those in use. */
function swap(letters, used) {
  const swapped = [...letters]
  const [one, other] = [used, letters.length].map(limit => Math.floor(Math.random() * limit))
  ;[swapped[one], swapped[other]] = [swapped[other], swapped[one]]
  return swapped.join('')
}
