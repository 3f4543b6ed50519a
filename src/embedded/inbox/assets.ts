/**
 * What the browser loads for the inbox pages. They are strings in modules, not files, because the compiler copies no
 * files: so they are found wherever the code runs from.
 */

/** Served as `inbox.css`. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfbfa;
  --card: #ffffff;
  --ink: #1f2328;
  --quiet: #5f6772;
  --line: #e4e5e2;
  --accent: #2457c5;
  --danger: #a8281f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a;
    --card: #1d2024;
    --ink: #e7e9ec;
    --quiet: #9aa3ae;
    --line: #30343a;
    --accent: #8fb2ff;
    --danger: #ff9a90;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere;
}
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; }
h2 { margin: 2rem 0 0.5rem; font-size: 0.95rem; font-weight: 600; color: var(--quiet); }
p { margin: 0.5rem 0; }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:focus-visible, button:focus-visible, input:focus-visible, summary:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
.quiet { color: var(--quiet); font-size: 0.9rem; }
.bar { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; justify-content: space-between; }
.tools { margin: 1.25rem 0 1rem; }
.tools form { display: flex; gap: 0.5rem; min-width: 0; }
.tools form:first-child { flex: 1 1 16rem; }
input, button {
  font: inherit;
  padding: 0.45rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--card);
  color: inherit;
}
input { flex: 1; min-width: 0; }
button { cursor: pointer; }
button.danger { color: var(--danger); }
.mails { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
.mails li + li { border-top: 1px solid var(--line); }
.mails a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: 0.75rem 1rem; color: inherit; text-decoration: none; }
.mails a:hover { background: color-mix(in srgb, var(--accent) 7%, transparent); }
.mails .subject { font-weight: 600; }
.mails time { white-space: nowrap; }
.mails .to { grid-column: 1 / -1; }
.empty { padding: 3rem 1rem; text-align: center; border: 1px dashed var(--line); border-radius: 12px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 1rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
.body { display: block; width: 100%; height: min(65vh, 40rem); border: 1px solid var(--line); border-radius: 12px; background: #fff; }
pre {
  margin: 0;
  padding: 1rem;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--card);
  font: 0.875rem/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  white-space: pre-wrap;
}
summary { margin: 2rem 0 0.5rem; font-size: 0.95rem; font-weight: 600; color: var(--quiet); cursor: pointer; }
.links { margin: 0; padding-left: 1.2rem; }
.pages { margin-top: 1rem; }
@media (max-width: 32rem) {
  .mails a { grid-template-columns: 1fr; }
  .mails time { grid-row: 3; }
  dl { grid-template-columns: 1fr; }
  dd + dt { margin-top: 0.4rem; }
}
`.trimStart();

/**
 * Served as `inbox.js`: puts new mails into the list as they come. Asks for one line every two seconds, and for the
 * list only when that line changed, so that scrolling and typing are not disturbed.
 */
export const SCRIPT = `
const list = () => document.querySelector('[data-state]');
const home = document.documentElement.dataset.home;

setInterval(async () => {
  if (document.hidden) return;
  try {
    const state = await (await fetch(home + '/state')).text();
    if (state === list().dataset.state) return;
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    list().replaceWith(page.querySelector('[data-state]'));
  } catch {
    // The service is being restarted; the next round asks again.
  }
}, 2000);
`.trimStart();
