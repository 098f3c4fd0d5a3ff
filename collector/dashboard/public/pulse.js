// Shows the page anew as soon as there is something new to be shown.
const { pulse, from } = document.querySelector('[data-pulse]').dataset

async function look() {
  const answer = document.hidden ? null : await fetch(from).catch(() => null)
  if (answer?.ok && (await answer.text()) !== pulse) location.reload()
  else setTimeout(look, 1_500)
}

setTimeout(look, 1_500)
