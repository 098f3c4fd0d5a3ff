import { build } from 'esbuild'

/** A single-page application of the real libraries, bundled for a page. */
export async function application(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'jsx' },
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    // As in development: there, React renders twice to find impure components.
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    logLevel: 'error',
  })
  return `<div id="root"></div><script>${outputFiles[0]!.text.replaceAll('</script', '<\\/script')}</script>`
}
