import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Site } from './site.ts'
import { everything, test } from './test.ts'

async function open(page: Page, site: Site, html: string): Promise<void> {
  site.page('/', site.tag() + html)
  site.page('/thanks', 'Thanks')
  await page.goto(site.origin)
  await site.until('page_view')
}

const types = (site: Site) => site.events().map(event => event.type)

test('a form is begun once, with its first input, and submitted with what was marked', async ({ page, site }) => {
  await open(
    page,
    site,
    `<form id="contact" name="Contact" data-ll-form="contact" action="/thanks?from=form" method="get">
      <input name="email" data-ll-trait="email">
      <select name="size" data-ll-trait="company_size"><option>1–9<option>10–49</select>
      <input type="radio" name="role" data-ll-trait="role" value="buyer"><input type="radio" name="role" data-ll-trait="role" value="user">
      <input type="checkbox" name="news" data-ll-trait="news" value="yes">
      <textarea name="message"></textarea><input name="fax" data-ll-trait="fax">
      <button name="send" value="1">Send</button></form>`,
  )
  await page.fill('[name=email]', 'ada@example.org')
  await page.selectOption('select', '10–49')
  await page.check('[value=user]')
  await page.fill('textarea', 'my secret wish')
  await page.click('button')
  const form = {
    form_id: 'contact',
    form_name: 'Contact',
    form_kind: 'contact',
    form_destination: `${site.origin}/thanks`,
    fields: [
      ['email', 'text', ''],
      ['size', 'select-one', ''],
      ['role', 'radio', ''],
      ['role', 'radio', ''],
      ['news', 'checkbox', ''],
      ['message', 'textarea', ''],
      ['fax', 'text', ''],
      ['send', 'submit', 'Send'],
    ],
  }
  const [start] = await site.until('form_start')
  expect(start!.properties).toEqual(form)
  const [submit] = await site.until('form_submit')
  expect(submit!.properties).toEqual({
    ...form,
    traits: { email: 'ada@example.org', company_size: '10–49', role: 'user' },
  })
  expect(site.events('form_start')).toHaveLength(1)
  expect(JSON.stringify(site.received)).not.toContain('wish')
})

test('secrets are never read, however they are marked', async ({ page, site }) => {
  const secret = (attributes: string) => `<input data-ll-trait="leak" name="leak" value="secret" ${attributes}>`
  await open(
    page,
    site,
    `<form onsubmit="return false">
    ${secret('type="password"')}${secret('type="hidden"')}${secret('autocomplete="cc-number"')}${secret('autocomplete="one-time-code"')}
    ${secret('data-ll-ignore')}<fieldset data-ll-ignore>${secret('')}</fieldset>
    <input name="q"><button>go</button></form>`,
  )
  await page.fill('[name=q]', 'x')
  await page.click('button')
  const [submit] = (await everything(page, site)).filter(event => event.type === 'form_submit')
  expect(submit!.properties).toMatchObject({
    fields: [
      ['q', 'text', ''],
      ['', 'submit', 'go'],
    ],
    traits: {},
  })
  expect(JSON.stringify(site.received)).not.toMatch(/secret|leak/)
})

test('an ignored form tells nothing', async ({ page, site }) => {
  await open(page, site, '<form data-ll-ignore onsubmit="return false"><input name="q"><button>go</button></form>')
  await page.fill('input', 'x')
  await page.click('button')
  await everything(page, site)
  expect(types(site).filter(type => type.startsWith('form'))).toEqual([])
})

test('a form that the page handles itself is marked so, and its handler is not disturbed', async ({ page, site }) => {
  await open(
    page,
    site,
    `<form><input name="email" data-ll-trait="email"><button>go</button></form><script>
    document.forms[0].addEventListener('submit', event => {
      event.preventDefault(); event.stopImmediatePropagation()
      handled = new FormData(event.target).get('email')
      event.target.reset(); history.pushState(null, '', '/thanks')
    })</script>`,
  )
  await page.fill('input', 'ada@example.org')
  await page.click('button')
  await everything(page, site)
  const [submit] = site.events('form_submit')
  expect(submit).toMatchObject({
    url: `${site.origin}/`,
    properties: { prevented: true, form_destination: `${site.origin}/`, traits: { email: 'ada@example.org' } },
  })
  expect(await page.evaluate('handled')).toBe('ada@example.org')
  expect(site.events('form_submit')).toHaveLength(1)
  expect(submit!.view).toBe(site.events('page_view')[0]!.view)
})

test('what the browser does not let through is no submission; two at once are one', async ({ page, site }) => {
  await open(page, site, '<form onsubmit="return false"><input name="q" required><button>go</button></form>')
  await page.click('button')
  await everything(page, site)
  expect(types(site)).not.toContain('form_submit')
  await page.fill('input', 'x')
  await page.dblclick('button')
  await everything(page, site)
  expect(site.events('form_submit')).toHaveLength(1)
})

test('form.submit() tells no one, and is noticed; a form that is only read is not', async ({ page, site }) => {
  await open(
    page,
    site,
    `<form id="f" action="/thanks"><input name="email" data-ll-trait="email"></form>
    <button onclick="new FormData(f)">read</button><button onclick="f.submit()">send</button>`,
  )
  await page.fill('input', 'ada@example.org')
  await page.click('text=read')
  await everything(page, site)
  expect(types(site)).not.toContain('form_submit')
  await page.click('text=send')
  const [submit] = await site.until('form_submit')
  expect(submit!.properties).toMatchObject({ form_id: 'f', traits: { email: 'ada@example.org' } })
  expect(submit!.properties).not.toHaveProperty('prevented')
})

test('controls named like properties of their form change nothing', async ({ page, site }) => {
  await open(
    page,
    site,
    `<form id="order" action="/buy" onsubmit="return false"><input name="id"><input name="action">
    <input name="name"><input name="elements"><input name="attributes"><button>go</button></form>`,
  )
  await page.fill('[name=id]', 'x')
  await page.click('button')
  const [submit] = (await everything(page, site)).filter(event => event.type === 'form_submit')
  expect(submit!.properties).toMatchObject({
    form_id: 'order',
    form_destination: `${site.origin}/buy`,
    fields: [
      ...['id', 'action', 'name', 'elements', 'attributes'].map(name => [name, 'text', '']),
      ['', 'submit', 'go'],
    ],
  })
})

test('a destination that is an address of somebody is none of ours', async ({ page, site }) => {
  await open(
    page,
    site,
    `<form action="mailto:ada@example.org" onsubmit="return false"><input name="q"><button>go</button></form>`,
  )
  await page.click('button')
  const [submit] = (await everything(page, site)).filter(event => event.type === 'form_submit')
  expect(submit!.properties).toMatchObject({ form_destination: 'mailto:' })
})

test('what stands beside a field is told, and never what is in it', async ({ page, site }) => {
  await open(
    page,
    site,
    `<form onsubmit="return false">
      <label for="a">Full  name</label><input id="a" name="a" value="secret">
      <label>Your <b>message</b> <textarea name="b">secret</textarea></label>
      <label><span><textarea name="c">secret</textarea> After</span></label>
      <label>Size <select name="d"><option>secret<option>secret 2</select></label>
      <label>Volume <input type="range" name="e"><output>secret</output></label>
      <label><input type="radio" name="f" value="secret"> Deliver to secret street</label>
      <label>Pass <input type="password" name="g" value="secret"></label>
      <label>Card <input name="cardnumber" value="secret" data-ll-trait="leak"></label>
      <input name="h" placeholder="Work e-mail" value="secret">
      <label>${'long '.repeat(100)}<input name="i"></label>
      <!-- secret --><input type="hidden" name="j" value="secret">
      <input type="button" value="secret"><input type="submit" name="k" value="secret"><button name="l" value="secret">Get a quote</button></form>`,
  )
  await page.click('text=Get a quote')
  const [submit] = (await everything(page, site)).filter(event => event.type === 'form_submit')
  expect(submit!.properties!['fields']).toEqual([
    ['a', 'text', 'Full  name'],
    ['b', 'textarea', 'Your message'],
    ['c', 'textarea', 'After'],
    ['d', 'select-one', 'Size'],
    ['e', 'range', 'Volume'],
    ['', 'output', ''],
    ['f', 'radio', ''],
    ['h', 'text', 'Work e-mail'],
    ['i', 'text', 'long '.repeat(10)],
    ['', 'button', ''],
    ['k', 'submit', ''],
    ['l', 'submit', 'Get a quote'],
  ])
  expect(JSON.stringify(site.received)).not.toContain('secret')
})

test('data-email="on" makes known who enters an address, where no field is marked; by default nobody', async ({
  page,
  site,
}) => {
  const form = `<form onsubmit="return false"><input name="x"><input type="email" name="mail"><button>go</button></form>`
  for (const attributes of ['', 'data-email="on"']) {
    site.page('/', site.tag(attributes) + form)
    await page.goto(site.origin)
    await page.fill('[name=x]', 'wish')
    await page.fill('[name=mail]', 'ada@example.org')
    await page.click('button')
    await everything(page, site)
  }
  expect(site.events('form_submit').map(({ properties }) => properties!['traits'])).toEqual([
    {},
    { email: 'ada@example.org' },
  ])
  expect(JSON.stringify(site.received)).not.toContain('wish')
})
