/**
 * Served as `inbox.css`: the look of the pages, whose tokens come first (a test compares them). A string in a module, not
 * a file, because the compiler copies no files: so it is found wherever the code runs from.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f7f8fa;
  --card: #ffffff;
  --text: #1c2024;
  --quiet: #5b6472;
  --line: #e3e6ea;
  --edge: #8b95a3;
  --hover: #f1f3f6;
  --accent: #3451d1;
  --accent-ground: #edf0fd;
  --bad: #b3261e;
  --radius: 0.5rem;
  --radius-large: 0.75rem;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101214;
    --card: #17191c;
    --text: #eceef0;
    --quiet: #a0a8b3;
    --line: #2b2f34;
    --edge: #6c7682;
    --hover: #22262a;
    --accent: #94a8ff;
    --accent-ground: #20294d;
    --bad: #ffb0a8;
  }
}

*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 0.9375rem / 1.5 var(--font);
  overflow-wrap: anywhere;
  -webkit-text-size-adjust: 100%;
}
h1 { margin: 0; font-size: 1.375rem; font-weight: 650; line-height: 1.25; letter-spacing: -0.012em; }
h2, summary { font-size: 1.0625rem; font-weight: 650; line-height: 1.3; }
h2 { margin: 1.75rem 0 0.5rem; }
p { margin: 0; }
a { color: var(--accent); text-underline-offset: 0.15em; }
.quiet { color: var(--quiet); }
.small { font-size: 0.8125rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.top {
  display: flex;
  align-items: center;
  min-height: 3.5rem;
  padding: 0.5rem clamp(1rem, 3vw, 2rem);
  border-bottom: 1px solid var(--line);
  background: var(--card);
}
.brand { display: flex; gap: 0.6rem; align-items: center; color: var(--text); font-weight: 650; text-decoration: none; }
.mark { flex: none; width: 1.5rem; height: 1.5rem; }
main { max-width: 56rem; margin: 0 auto; padding: 1.75rem clamp(1rem, 3vw, 2rem) 4rem; }
main.narrow { max-width: 29rem; padding-top: clamp(1.5rem, 8vh, 5rem); }
.card { padding: clamp(1.25rem, 4vw, 2rem); border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--card); }
.card p { margin: 0.5rem 0 1rem; }
.page-head { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; justify-content: space-between; }
main > .page-head + p { margin-top: 0.35rem; }
.back { display: inline-block; margin-bottom: 0.75rem; }

input, button, .button {
  min-height: 2.25rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--card);
  color: inherit;
  font: inherit;
}
input { flex: 1; min-width: 0; padding: 0.35rem 0.65rem; border-color: var(--edge); }
button, .button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  padding: 0.35rem 0.85rem;
  font-weight: 550;
  text-decoration: none;
  cursor: pointer;
}
button:hover, .button:hover { background: var(--hover); }
button.danger { color: var(--bad); }
main:has(.empty) .delete { display: none; }

.search { display: flex; gap: 0.5rem; margin: 1.25rem 0 1rem; }
.mails { margin: 0; padding: 0; border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--card); list-style: none; }
.mails li + li { border-top: 1px solid var(--line); }
.mails a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: 0.65rem 1rem; color: inherit; text-decoration: none; }
.mails li:first-child a { border-radius: var(--radius-large) var(--radius-large) 0 0; }
.mails li:last-child a { border-radius: 0 0 var(--radius-large) var(--radius-large); }
.mails li:only-child a { border-radius: var(--radius-large); }
.mails a:hover { background: var(--hover); }
.mails a:focus-visible { outline-offset: -2px; }
.subject { font-weight: 600; }
.mails .to { grid-column: 1 / -1; }
.mails time { white-space: nowrap; }
[data-state]:focus { outline: none; }
.more { display: flex; flex-wrap: wrap; gap: 0.75rem; justify-content: space-between; margin-top: 0.75rem; }

.empty { padding: clamp(2.5rem, 10vh, 5rem) 1rem; border: 1px dashed var(--edge); border-radius: var(--radius-large); text-align: center; }
.empty svg { width: 3.5rem; height: 3.5rem; padding: 0.85rem; border-radius: 50%; background: var(--accent-ground); color: var(--accent); }
.empty h2 { margin: 0.75rem 0 0.25rem; }
.empty .button { margin-top: 1rem; }

dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 1rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
.body { display: block; width: 100%; height: clamp(30rem, 85vh, 48rem); border: 1px solid var(--line); border-radius: var(--radius-large); background: #fff; }
pre {
  margin: 0;
  padding: 1rem;
  border: 1px solid var(--line);
  border-radius: var(--radius-large);
  background: var(--card);
  font: 0.8125rem / 1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  white-space: pre-wrap;
}
summary { width: fit-content; margin: 1.75rem 0 0.5rem; cursor: pointer; }
.links { margin: 0; padding-left: 1.2rem; }
.raw { margin-top: 1.75rem; }

@media (max-width: 40rem) {
  .mails a, dl { grid-template-columns: 1fr; }
  .mails time { grid-row: 3; }
  dd + dt { margin-top: 0.4rem; }
  /* iOS zooms into fields whose text is smaller. */
  input { font-size: 1rem; }
}
`.trimStart();
