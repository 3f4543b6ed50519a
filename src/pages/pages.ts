import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { languageFor, preferences } from '../negotiation.js';
import { type Assets, ENCODERS, loadStatic, readAssets } from './asset-files.js';
import { documentOf } from './document.js';
import { encodingFor } from './encoding.js';

/** Only what this service serves itself, no inline script or style, and nothing may frame it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Where programs look. */
const NOT_PAGES = /^\/(?:v\d+|assets|docs|inbox)\//;

/** All style sheets: in the folder of each, as what they name is named from there. */
const STYLE = 'styles/all.css';

const YEAR = 'public, max-age=31536000, immutable';

/** What `static/routes.js` says: the modules of the pages, by the pattern of their paths. */
interface Routes {
  readonly ROUTES: Readonly<Record<string, string>>;
  readonly STYLES: readonly string[];
}

interface Words {
  readonly LANGUAGES: readonly string[];
  loadWords(language: string): Promise<Readonly<Record<string, string>>>;
}

export interface PagesOptions {
  /** What links begin with. */
  readonly publicUrl: string;
  /** Where the mails can be read that the service keeps to itself, if it does. */
  readonly inboxPath?: string;
}

/** Serves the pages and what they load. A GET of them changes nothing: they post only when a person clicks. */
export async function pages(app: FastifyInstance, { publicUrl, inboxPath }: PagesOptions): Promise<void> {
  const { ROUTES, STYLES } = await loadStatic<Routes>('routes.js');
  const assets = await readAssets({ [STYLE]: STYLES });
  const { LANGUAGES, loadWords } = await loadStatic<Words>('words/words.js');
  const words = new Map<string, Readonly<Record<string, string>>>();
  for (const language of LANGUAGES) words.set(language, await loadWords(language));

  const facts = { origin: new URL(publicUrl).origin, ...(inboxPath === undefined ? {} : { inbox: inboxPath }) };
  const hide = { schema: { hide: true } as object };
  const base = `/assets/${assets.hash}/`;
  app.get(`${base}*`, hide, (request, reply) => sendAsset(assets, request, reply));

  const sendPage = async (request: FastifyRequest, reply: FastifyReply, ...modules: string[]) => {
    const { cookie, 'accept-language': acceptLanguage } = request.headers;
    const language = languageFor(LANGUAGES, { cookie, acceptLanguage });
    const document = documentOf({
      language,
      title: words.get(language)?.['product'] ?? '',
      noScript: words.get(language)?.['noScript'] ?? '',
      base,
      style: STYLE,
      modules: assets.graphOf(['main.js', ...modules, `words/${language}/all.js`]),
      facts,
    });
    const encoding = encodingFor(request.headers['accept-encoding']);
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    return reply
      .header('content-security-policy', POLICY)
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'private, no-cache')
      .header('vary', 'cookie, accept-language, accept-encoding')
      .type('text/html; charset=utf-8')
      .send(await ENCODERS[encoding](Buffer.from(document)));
  };
  for (const [path, module] of Object.entries(ROUTES)) {
    app.get(path, hide, (request, reply) => sendPage(request, reply, module));
  }
  // The pages themselves say that there is none at an address: to people, and not to programs.
  app.get('/*', hide, (request, reply) => {
    const isForPeople = preferences(request.headers.accept).includes('text/html') && !NOT_PAGES.test(request.url);
    if (isForPeople) return sendPage(request, reply.code(404));
    reply.callNotFound();
    return reply;
  });
}

async function sendAsset(assets: Assets, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const asset = assets.get((request.params as { '*': string })['*']);
  if (!asset) {
    reply.callNotFound();
    return reply;
  }
  const encoding = encodingFor(request.headers['accept-encoding']);
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply
    .header('cache-control', YEAR)
    .header('vary', 'accept-encoding')
    .type(asset.type)
    .send(await asset.body(encoding));
}
