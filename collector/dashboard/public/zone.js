// Tells the collector the browser's time zone, so that times are shown in it from the first page on.
for (const field of document.querySelectorAll('[data-zone]'))
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone
