import Handlebars from 'handlebars';

/** A mail in the list. */
export interface ListedMail {
  readonly href: string;
  readonly subject: string;
  readonly to: string;
  readonly received: string;
  readonly receivedAt: string;
}

/** The list of mails. `home` is where the inbox is mounted, without a slash at the end. */
export interface ListView {
  readonly home: string;
  readonly mails: readonly ListedMail[];
  readonly count: number;
  /** Changes when the list does. */
  readonly state: string;
  /** The address whose mails are shown, `''` for all. */
  readonly to: string;
  /** The page of older mails, `''` where there is none. */
  readonly older: string;
}

/** One mail. */
export interface MailView extends ListedMail {
  readonly home: string;
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

const page = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="en" data-home="{{home}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="{{home}}/inbox.css">
${head}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;

export const listPage = compile<ListView>(
  page(
    'Inbox',
    `<script type="module" src="{{home}}/inbox.js"></script>
<noscript><meta http-equiv="refresh" content="5"></noscript>`,
    `<h1>Inbox</h1>
<p class="quiet">Mails that the service sent. They stay on this machine; nobody else received them.</p>
<div class="bar tools">
<form action="{{home}}" method="get" role="search">
<input type="search" name="to" value="{{to}}" placeholder="Recipient’s address" aria-label="Recipient’s address" autocapitalize="off" spellcheck="false">
<button>Show</button>
</form>
<form action="{{home}}/delete" method="post"><button class="danger">Delete all</button></form>
</div>
<div data-state="{{state}}">
{{#if mails}}
<ul class="mails">
{{#each mails}}
<li><a href="{{href}}">
<span class="subject">{{subject}}</span>
<time class="quiet" datetime="{{receivedAt}}">{{received}}</time>
<span class="to quiet">to {{to}}</span>
</a></li>
{{/each}}
</ul>
<p class="bar pages quiet"><span>{{count}} kept</span>{{#if older}}<a href="{{older}}">Older mails</a>{{/if}}</p>
{{else}}
<p class="empty quiet">{{#if to}}No mail for {{to}} yet.{{else}}No mail yet. It appears here as soon as the service sends one.{{/if}}</p>
{{/if}}
</div>`,
  ),
);

export const mailPage = compile<MailView>(
  page(
    '{{subject}}',
    '',
    `<p><a href="{{home}}">← Inbox</a></p>
<h1>{{subject}}</h1>
<dl>
<dt>From</dt><dd>{{from}}</dd>
<dt>To</dt><dd>{{to}}</dd>
<dt>Received</dt><dd><time datetime="{{receivedAt}}">{{received}}</time></dd>
</dl>
{{#if hasHtml}}
<iframe class="body" src="{{href}}/html" title="The mail as it looks" sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"></iframe>
{{/if}}
{{#if links}}
<h2>Links in this mail</h2>
<ul class="links">
{{#each links}}
<li><a href="{{this}}" target="_blank" rel="noopener noreferrer">{{this}}</a></li>
{{/each}}
</ul>
{{/if}}
{{#if text}}
<h2>Plain text</h2>
<pre>{{text}}</pre>
{{/if}}
<details>
<summary>Headers</summary>
<pre>{{headers}}</pre>
</details>
<p><a href="{{href}}/raw">The mail as it arrived (.eml)</a></p>`,
  ),
);

export const missingPage = compile<{ readonly home: string }>(
  page(
    'No such mail',
    '',
    `<h1>No such mail</h1>
<p>It was deleted, or newer mails took its place. <a href="{{home}}">Back to the inbox</a></p>`,
  ),
);
