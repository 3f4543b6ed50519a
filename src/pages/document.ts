/** What stands in the HTML of every page; the rest is made in the browser. */
export interface PageDocument {
  readonly language: string;
  readonly title: string;
  readonly noScript: string;
  /** Where the files are, with a slash at the end. */
  readonly base: string;
  readonly style: string;
  /** Modules that the page needs, so that they are loaded at once and not one after the other. */
  readonly modules: readonly string[];
  /** Facts of this installation for the pages: `<meta name="…">`. */
  readonly facts: Readonly<Record<string, string>>;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeText = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');

export function documentOf({ language, title, noScript, base, style, modules, facts }: PageDocument): string {
  const metas = Object.entries(facts).map(([name, value]) => `<meta name="${name}" content="${escapeText(value)}">`);
  const preloads = modules.map((module) => `<link rel="modulepreload" href="${base}${module}">`);
  const sheet = `<link rel="stylesheet" href="${base}${style}">`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<link rel="icon" href="${base}icon.svg" type="image/svg+xml">
${[...metas, sheet, ...preloads].join('\n')}
<script type="module" src="${base}main.js"></script>
</head>
<body>
<div id="app"></div>
<noscript><p class="no-script">${escapeText(noScript)}</p></noscript>
</body>
</html>
`;
}
