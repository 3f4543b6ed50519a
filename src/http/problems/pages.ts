import type { TypedApp } from '../typed-app.js';
import { PROBLEMS, type ProblemCode } from './catalogue.js';
import { Problem } from './problem.js';

/** Every problem's `type` leads to a page that says what to do about it. */
export function problemPages(app: TypedApp): void {
  app.get('/problems', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page('Problems', Object.keys(PROBLEMS).map(sectionOf).join('\n'))),
  );
  app.get<{ Params: { code: string } }>('/problems/:code', { schema: { hide: true } }, (request, reply) => {
    const { code } = request.params;
    if (!Object.hasOwn(PROBLEMS, code)) throw new Problem('not-found');
    return reply.type('text/html; charset=utf-8').send(page(code, sectionOf(code)));
  });
}

/** All of it is this program's own text: nothing that a client sent stands on a page. */
function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body>
${content}
</body>
</html>
`;
}

function sectionOf(code: string): string {
  const { status, title, advice } = PROBLEMS[code as ProblemCode];
  return `<section id="${code}"><h2>${title}</h2><p><code>${code}</code> (HTTP ${status})</p><p>${advice}</p></section>`;
}
