// Copies a snippet to the clipboard, where browsers allow that: over TLS and on this machine.
const { clipboard } = navigator
if (clipboard)
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.hidden = false
    button.addEventListener('click', () => {
      const { copy, copied } = button.dataset
      void clipboard.writeText(document.getElementById(copy).textContent).then(() => (button.textContent = copied))
    })
  }
