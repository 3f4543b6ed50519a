// Teaches Fastify's types the schema property `hide`.
import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Inbox } from '../inbox.js';
import type { Message } from './message.js';
import { type Reader, readerOf } from './reader.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';
import { type ListedMail, listPage, mailPage, missingPage } from './templates.js';

/** What `inboxPages` is registered with. */
export interface InboxPagesOptions {
  readonly inbox: Inbox;
}

interface ListQuery {
  /** Only mails for this address; `''` for all. */
  readonly to: string;
  /** Only mails older than the one with this id; `''` for all. */
  readonly before: string;
  /** How many mails at most. */
  readonly limit: number;
}

interface MailParams {
  readonly id: string;
}

const listQuery = {
  type: 'object',
  properties: {
    to: { type: 'string', default: '' },
    before: { type: 'string', default: '' },
    limit: { type: 'integer', minimum: 1, maximum: 1_000, default: 50 },
  },
} as const;

/** The routes are no part of the documented interface. */
const schema = { hide: true } as const;

/**
 * A Fastify plugin that shows the inbox. Register it with a prefix, such as `/inbox`. For people there are pages at `/`
 * and `/mails/:id`, in their language, whose header leads to what the service has at its root; for programs:
 *
 * - `GET /messages?to=&before=&limit=` answers `{ items: Message[] }`, newest first
 * - `GET /messages/:id` answers a `Message`
 * - `DELETE /messages` deletes all
 */
export async function inboxPages(fastify: FastifyInstance, { inbox }: InboxPagesOptions): Promise<void> {
  addPages(fastify, inbox);
  addMailParts(fastify, inbox);
  addDeletion(fastify, inbox);
  addMessages(fastify, inbox);
  fastify.get('/inbox.css', { schema }, async (_request, reply) => asset(reply, 'text/css', STYLE));
  fastify.get('/inbox.js', { schema }, async (_request, reply) => asset(reply, 'text/javascript', SCRIPT));
}

function addPages(fastify: FastifyInstance, inbox: Inbox): void {
  const home = fastify.prefix;

  fastify.get<{ Querystring: ListQuery }>(
    '/',
    { schema: { ...schema, querystring: listQuery } },
    async (request, reply) => {
      const { query } = request;
      const reader = readerOf(request);
      const all = inbox.ids(query.to);
      const ids = select(all, query);
      const mails = (await inbox.messages(ids)).map((message) => listed(home, message, reader));
      const last = ids.at(-1) ?? '';
      const isEnd = last === (all.at(-1) ?? '');
      const older = isEnd ? '' : `${home}?${new URLSearchParams({ to: query.to, before: last })}`;
      const { language, words } = reader;
      const kept = reader.kept(all.length);
      const nothingFoundTitle = words.nothingFoundTitle(query.to);
      const view = { home, language, words, mails, kept, nothingFoundTitle, older };
      return page(reply, listPage({ ...view, state: state(inbox), to: query.to }));
    },
  );

  fastify.get('/state', { schema }, async (_request, reply) => reply.type('text/plain').send(state(inbox)));

  fastify.get<{ Params: MailParams }>('/mails/:id', { schema }, async (request, reply) => {
    const message = await inbox.message(request.params.id);
    if (!message) return missing(request, reply, home);
    const reader = readerOf(request);
    const { language, words } = reader;
    const { from, text, html, links } = message;
    const headers = Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`);
    return page(
      reply,
      mailPage({
        ...listed(home, message, reader),
        home,
        language,
        words,
        from,
        text,
        hasHtml: html !== '',
        links,
        headers: headers.join('\n'),
      }),
    );
  });
}

/** What a mail's page embeds and links to. */
function addMailParts(fastify: FastifyInstance, inbox: Inbox): void {
  fastify.get<{ Params: MailParams }>('/mails/:id/html', { schema }, async (request, reply) => {
    const message = await inbox.message(request.params.id);
    if (!message?.html) return missing(request, reply, fastify.prefix);
    return page(reply, openingLinksInNewTabs(message.html), MAIL_POLICY);
  });

  fastify.get<{ Params: MailParams }>('/mails/:id/raw', { schema }, async (request, reply) => {
    const { id } = request.params;
    const raw = await inbox.raw(id);
    if (!raw) return missing(request, reply, fastify.prefix);
    return reply.type('message/rfc822').header('content-disposition', `attachment; filename="${id}.eml"`).send(raw);
  });
}

function addDeletion(fastify: FastifyInstance, inbox: Inbox): void {
  // A form without fields has a body of this type all the same.
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async () => undefined);

  fastify.post('/delete', { schema }, async (request, reply) => {
    // Browsers say where a form was: a page of another site must not be able to empty the inbox.
    if (request.headers['sec-fetch-site'] === 'cross-site') return reply.code(403).send();
    await inbox.clear();
    return reply.redirect(fastify.prefix, 303);
  });
}

function addMessages(fastify: FastifyInstance, inbox: Inbox): void {
  fastify.get<{ Querystring: ListQuery }>(
    '/messages',
    { schema: { ...schema, querystring: listQuery } },
    async ({ query }) => ({ items: await inbox.messages(select(inbox.ids(query.to), query)) }),
  );

  fastify.get<{ Params: MailParams }>('/messages/:id', { schema }, async ({ params }, reply) => {
    const message = await inbox.message(params.id);
    if (message) return message;
    const problem = { title: 'No such mail', status: 404, code: 'mail-not-found' };
    return reply.code(404).type('application/problem+json').send(problem);
  });

  fastify.delete('/messages', { schema }, async (_request, reply) => {
    await inbox.clear();
    return reply.code(204).send();
  });
}

function select(ids: readonly string[], { before, limit }: ListQuery): string[] {
  return (before ? ids.filter((id) => id < before) : [...ids]).slice(0, limit);
}

/** Changes with every mail that comes or goes. */
function state(inbox: Inbox): string {
  const ids = inbox.ids();
  return `${ids.length} ${ids[0] ?? ''}`;
}

function missing(request: FastifyRequest, reply: FastifyReply, home: string): FastifyReply {
  const { language, words } = readerOf(request);
  return page(reply.code(404), missingPage({ home, language, words }));
}

function listed(home: string, { id, subject, to, receivedAt }: Message, { words, time }: Reader): ListedMail {
  return {
    href: `${home}/mails/${id}`,
    subject: subject || words.noSubject,
    to: to.join(', '),
    received: time(receivedAt),
    receivedAt,
  };
}

/** The pages load nothing from elsewhere and run no script but their own. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * A mail is foreign: it is shown in an origin of its own and runs nothing. The pages its links open have the rights of
 * any other page. Its images are those that it brought: to load others would tell its sender that it was opened.
 */
const MAIL_POLICY =
  'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; ' +
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** The policy replaces the one that the service may have for all its pages. */
function page(reply: FastifyReply, html: string, policy = PAGE_POLICY): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .send(html);
}

function asset(reply: FastifyReply, type: string, content: string): FastifyReply {
  return reply.type(`${type}; charset=utf-8`).header('cache-control', 'no-cache').send(content);
}

/** A link in a frame would open inside it, where no page of the service lets itself be shown. */
function openingLinksInNewTabs(html: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => head + base) : base + html;
}
