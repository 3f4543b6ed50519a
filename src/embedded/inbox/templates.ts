import Handlebars from 'handlebars';

import type { Words } from './words/catalogue.js';

/** What every page is made of. */
interface PageView {
  /** Where the inbox is mounted, without a slash at the end. */
  readonly home: string;
  readonly language: string;
  readonly words: Words;
}

/** A mail in the list. */
export interface ListedMail {
  readonly href: string;
  readonly subject: string;
  readonly to: string;
  readonly received: string;
  readonly receivedAt: string;
}

/** The list of mails. */
export interface ListView extends PageView {
  readonly mails: readonly ListedMail[];
  readonly kept: string;
  /** Changes when the list does. */
  readonly state: string;
  /** The address whose mails are shown, `''` for all. */
  readonly to: string;
  readonly nothingFoundTitle: string;
  /** The page of older mails, `''` where there is none. */
  readonly older: string;
}

/** One mail. */
export interface MailView extends PageView, ListedMail {
  readonly from: string;
  readonly text: string;
  readonly hasHtml: boolean;
  readonly links: readonly string[];
  readonly headers: string;
}

/** Compiled strictly: a name that the view lacks is an error. Handlebars escapes every value. */
function compile<View>(source: string): (view: View) => string {
  return Handlebars.compile<View>(source.trimStart(), { strict: true, knownHelpersOnly: true });
}

const ENVELOPE = 'M7 11.5 16 18l9-6.5M7 10h18v12.5H7z';

const page = (title: string, head: string, main: string): string => `<!doctype html>
<html lang="{{language}}" data-home="{{home}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="{{home}}/inbox.css">
<script type="module" src="{{home}}/inbox.js"></script>
${head}
</head>
<body>
<header class="top"><a class="brand" href="/">
<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#3451d1"/><path d="${ENVELOPE}" fill="none" stroke="#fff" stroke-width="2.2" stroke-linejoin="round"/></svg>
{{words.product}}</a></header>
${main}
</body>
</html>
`;

export const listPage = compile<ListView>(
  page(
    '{{words.inbox}}',
    '<noscript><meta http-equiv="refresh" content="5"></noscript>',
    `<main>
<div class="page-head">
<h1>{{words.inbox}}</h1>
<form class="delete" action="{{home}}/delete" method="post"><button class="danger">{{words.deleteAll}}</button></form>
</div>
<p class="quiet">{{words.about}}</p>
<form class="search" action="{{home}}" method="get" role="search">
<input type="search" name="to" value="{{to}}" placeholder="{{words.recipient}}" aria-label="{{words.recipient}}" autocapitalize="off" spellcheck="false">
<button>{{words.search}}</button>
</form>
<div data-state="{{state}}" tabindex="-1">
{{#if mails}}
<ul class="mails">
{{#each mails}}
<li><a href="{{href}}">
<span class="subject">{{subject}}</span>
<time class="quiet small" datetime="{{receivedAt}}">{{received}}</time>
<span class="to quiet small">{{../words.to}} {{to}}</span>
</a></li>
{{/each}}
</ul>
<p class="more quiet small"><span>{{kept}}</span>{{#if older}}<a href="{{older}}">{{words.older}}</a>{{/if}}</p>
{{else}}
<div class="empty">
<svg viewBox="0 0 32 32" aria-hidden="true"><path d="${ENVELOPE}" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linejoin="round"/></svg>
{{#if to}}
<h2>{{nothingFoundTitle}}</h2>
<p class="quiet">{{words.nothingFoundText}}</p>
<a class="button" href="{{home}}">{{words.showAll}}</a>
{{else}}
<h2>{{words.emptyTitle}}</h2>
<p class="quiet">{{words.emptyText}}</p>
{{/if}}
</div>
{{/if}}
</div>
</main>`,
  ),
);

export const mailPage = compile<MailView>(
  page(
    '{{subject}}',
    '',
    `<main>
<a class="back" href="{{home}}">← {{words.inbox}}</a>
<h1>{{subject}}</h1>
<dl>
<dt>{{words.from}}</dt><dd>{{from}}</dd>
<dt>{{words.to}}</dt><dd>{{to}}</dd>
<dt>{{words.received}}</dt><dd><time datetime="{{receivedAt}}">{{received}}</time></dd>
</dl>
{{#if hasHtml}}
<iframe class="body" src="{{href}}/html" title="{{words.asItLooks}}" sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"></iframe>
{{/if}}
{{#if links}}
<h2>{{words.links}}</h2>
<ul class="links">
{{#each links}}
<li><a href="{{this}}" target="_blank" rel="noopener noreferrer">{{this}}</a></li>
{{/each}}
</ul>
{{/if}}
{{#if text}}
<h2>{{words.text}}</h2>
<pre>{{text}}</pre>
{{/if}}
<details>
<summary>{{words.headers}}</summary>
<pre>{{headers}}</pre>
</details>
<p class="raw"><a href="{{href}}/raw">{{words.asItArrived}}</a></p>
</main>`,
  ),
);

export const missingPage = compile<PageView>(
  page(
    '{{words.missingTitle}}',
    '',
    `<main class="narrow">
<section class="card">
<h1>{{words.missingTitle}}</h1>
<p class="quiet">{{words.missingText}}</p>
<a class="button" href="{{home}}">{{words.back}}</a>
</section>
</main>`,
  ),
);
