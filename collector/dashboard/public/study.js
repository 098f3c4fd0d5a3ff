// Says how far a long question is, and shows its answer as soon as there is one.
const bar = document.querySelector('progress[data-from]')
const told = document.querySelector('[data-share]')
const { format } = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' })

async function look() {
  const answer = document.hidden ? null : await fetch(bar.dataset.from).catch(() => null)
  const share = answer?.ok ? Number(await answer.text()) : bar.value
  // Anything but a share is another page: of who was signed out, or of a fault.
  if (!(share < 1) || answer?.ok === false) location.reload()
  else {
    bar.value = share
    told.textContent = format(share)
    setTimeout(look, 1_000)
  }
}

setTimeout(look, 1_000)
