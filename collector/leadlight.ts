#!/usr/bin/env node
// Runs on any Node that can read this file, so that an old one is told what is wrong before anything newer is loaded.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`leadlight needs Node 22.18 or newer; this is ${process.versions.node} (${process.execPath}).\n`)
  process.exit(1)
}
if (process.argv[2] === 'serve' || process.argv[2] === 'demo') {
  const { beginWithFlags } = await import('./heap.ts')
  beginWithFlags()
}
const { run } = await import('./cli/run.ts')
process.exitCode = await run(process.argv.slice(2), process.env)
