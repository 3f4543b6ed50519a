/**
 * Served as `inbox.js`. Tells times by the reader's clock, and puts new mails into the list as they come: asks for one
 * line every two seconds, and for the list only when that line changed, so that scrolling and typing are not disturbed.
 * A string in a module, as the style is.
 */
export const SCRIPT = `
const { lang, dataset } = document.documentElement;
const own = navigator.languages.find((tag) => tag.slice(0, 2) === lang.slice(0, 2)) ?? lang;
const times = new Intl.DateTimeFormat(own, { dateStyle: 'medium', timeStyle: 'medium' });

function tellTimes(root) {
  for (const time of root.querySelectorAll('time')) time.textContent = times.format(new Date(time.dateTime));
}

async function renew(list) {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  const fresh = page.querySelector('[data-state]');
  tellTimes(fresh);
  const focused = list.contains(document.activeElement) && document.activeElement.getAttribute('href');
  list.replaceChildren(...fresh.childNodes);
  list.dataset.state = fresh.dataset.state;
  if (focused === false) return;
  // What had the focus may be gone: whoever uses a keyboard then goes on from the list, not from the top of the page.
  const same = [...list.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused);
  (same ?? list).focus({ preventScroll: true });
}

async function watch(list) {
  if (document.hidden) return;
  try {
    const state = await (await fetch(dataset.home + '/state')).text();
    if (state !== list.dataset.state) await renew(list);
  } catch {
    // The service is being restarted; the next round asks again.
  }
}

tellTimes(document);
const list = document.querySelector('[data-state]');
if (list) setInterval(() => watch(list), 2000);
`.trimStart();
