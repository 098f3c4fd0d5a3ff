import { expect } from 'vitest'
import type { Tab } from '../engines/engine.ts'
import { application } from './application.ts'
import { everything, HASTE, viewed, type Behaviours, type Stage } from './behaviour.ts'

/** A router is given 100 ms to render: on a machine that is busy with other pages it may need more. */
export const alone = true

const REACT = `
  import { StrictMode, useEffect } from 'react'
  import { createRoot } from 'react-dom/client'
  import { createBrowserRouter, Link, Navigate, useNavigate } from 'react-router'
  import { RouterProvider } from 'react-router/dom'

  function Page({ title }) {
    const navigate = useNavigate()
    useEffect(() => { document.title = title }, [title])
    return <>
      <Link id="lamps" to="/lamps">Lamps</Link> <Link id="old" to="/old">Old</Link>
      <button id="sort" onClick={() => navigate('?sort=price')}>Sort</button>
    </>
  }
  const router = createBrowserRouter([
    { path: '/', element: <Page title="Home" /> },
    { path: '/lamps', element: <Page title="Lamps" /> },
    { path: '/old', element: <Navigate replace to="/new" /> },
    { path: '/new', element: <Page title="New" /> },
  ])
  createRoot(document.getElementById('root')).render(<StrictMode><RouterProvider router={router} /></StrictMode>)`

const VUE = `
  import { createApp, h } from 'vue'
  import { createRouter, createWebHistory, RouterLink, RouterView, useRouter } from 'vue-router'

  const page = { setup() {
    const router = useRouter()
    return () => [
      h(RouterLink, { id: 'lamps', to: '/lamps' }, () => 'Lamps'), ' ', h(RouterLink, { id: 'old', to: '/old' }, () => 'Old'),
      h('button', { id: 'sort', onClick: () => router.push({ query: { sort: 'price' } }) }, 'Sort'),
    ]
  } }
  const router = createRouter({ history: createWebHistory(), routes: [
    { path: '/', component: page, meta: { title: 'Home' } },
    { path: '/lamps', component: page, meta: { title: 'Lamps' } },
    { path: '/old', redirect: '/new' },
    { path: '/new', component: page, meta: { title: 'New' } },
  ] })
  router.afterEach(to => { document.title = to.meta.title })
  createApp({ render: () => h(RouterView) }).use(router).mount('#root')`

/**
 * What Next's application router does to history: it patches both methods, marks its states, replaces the first one when
 * the page comes to life, asks the server for the next page before it goes there, and sets the title with what it renders.
 */
const NEXT = `<div id="root">
    <a id="lamps" href="/lamps">Lamps</a> <a id="old" href="/old">Old</a> <button id="sort">Sort</button>
  </div>
  <script>
    const titles = { '/': 'Home', '/lamps': 'Lamps', '/new': 'New' }
    const original = { pushState: history.pushState.bind(history), replaceState: history.replaceState.bind(history) }
    const render = () => { document.title = titles[location.pathname] }
    for (const method of ['pushState', 'replaceState']) {
      history[method] = function (state, unused, url) {
        if (!state?.__NA) state = { ...state, __NA: true, tree: [] }
        return original[method](state, unused, url)
      }
    }
    async function navigate(method, url) {
      const { pathname } = new URL(url, location.href)
      await fetch(pathname + '?_rsc=1')
      history[method]({ __NA: true }, '', pathname === '/old' ? '/new' : url)
      render()
      // The state of the new tree, once it is committed.
      setTimeout(() => history.replaceState({ __NA: true, tree: [pathname] }, '', location.href))
    }
    addEventListener('popstate', render)
    document.getElementById('root').addEventListener('click', event => {
      event.preventDefault()
      if (event.target.id === 'sort') navigate('replaceState', '?sort=price')
      else if (event.target.href) navigate('pushState', event.target.href)
    })
    original.replaceState({ __NA: true, tree: [] }, '', location.href)
    render()
  </script>`

async function tour(stage: Stage, tab: Tab): Promise<void> {
  const { place } = stage
  await place.until('page_view')
  await tab.click('#lamps')
  await place.until('page_view', 2)
  await tab.click('#sort')
  await everything(stage, tab)
  await tab.click('#old')
  await place.until('page_view', 3)
  await everything(stage, tab)
  await tab.back()
  await place.until('page_view', 4)
  await everything(stage, tab)
  expect(viewed(place)).toEqual(['/', '/lamps', '/new', '/lamps'])
  const views = place.events('page_view')
  expect(views.map(({ title }) => title)).toEqual(['Home', 'Lamps', 'New', 'Lamps'])
  expect(views.map(({ seq }) => seq)).toEqual([0, 0, 0, 0])
  expect(new Set(views.map(({ visitor }) => visitor)).size).toBe(1)
}

export default {
  'React Router: one view a route, with its title, in strict mode as well': async stage => {
    const { place, open } = stage
    place.page('/', '<title>Home</title>' + (await application(REACT)) + place.tag() + HASTE)
    await tour(stage, await open())
  },

  'Vue Router: one view a route, with its title': async stage => {
    const { place, open } = stage
    place.page('/', '<title>Home</title>' + (await application(VUE)) + place.tag() + HASTE)
    await tour(stage, await open())
  },

  "Next's way of routing: one view a route, with its title": async stage => {
    const { place, open } = stage
    place.page('/', NEXT + place.tag() + HASTE)
    await tour(stage, await open())
  },

  'the module, started by a React effect in strict mode: one view': async stage => {
    const { place, open } = stage
    const app = await application(`
      import { StrictMode, useEffect } from 'react'
      import { createRoot } from 'react-dom/client'
      import { start } from 'leadlight'
      function App() {
        useEffect(() => { start({ site: '${place.site.writeKey}', host: '${place.line.origin}' }) })
        return <h1>Lamps</h1>
      }
      createRoot(document.getElementById('root')).render(<StrictMode><App /></StrictMode>)`)
    place.page('/', app + HASTE)
    await everything(stage, await open())
    expect(viewed(place)).toEqual(['/'])
  },
} satisfies Behaviours
