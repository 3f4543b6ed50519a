import type { Config } from './config.js';
import { USUAL_PORT } from './environment.js';
import type { Service } from './service.js';

/** What is printed once the service runs: where everything is, and what to do next. */
export function introductionOf(
  service: Omit<Service, 'core' | 'health' | 'stop'>,
  config: Pick<Config, 'eventStore' | 'dataDirectory' | 'parts'>,
): string {
  const { url, publicUrl, inboxUrl, smtpUrl, builtInPostgres } = service;
  const lines = [''];
  if (url) {
    lines.push(
      `  pages        ${publicUrl}/   (operators: ${publicUrl}/operations)`,
      `  API          ${publicUrl}/v1`,
      `  reference    ${publicUrl}/docs   (OpenAPI: ${publicUrl}/openapi.json)`,
    );
    if (url !== publicUrl) lines.push(`  listens on   ${url}`);
  }
  if (inboxUrl) lines.push(`  inbox        ${inboxUrl}   (mail server: ${smtpUrl})`);
  lines.push(
    `  event store  ${config.eventStore === 'postgres' ? 'Postgres' : 'EventStoreDB'}`,
    `  database     ${builtInPostgres ? `built in, data in ${config.dataDirectory}` : 'as set by DATABASE_URL'}`,
    `  parts        ${[...config.parts].join(', ')}`,
    '',
  );
  if (url && inboxUrl) {
    lines.push(
      `Next: \`${demoOn(url)}\` in another terminal plays the whole story against this service, step by step.`,
      `Or open ${publicUrl}/ and sign in with any address: the mail is in the inbox.`,
    );
  }
  lines.push('Ctrl-C stops everything; the data stays.', '');
  return lines.join('\n');
}

/** The demonstration looks for the service where its own settings say. */
function demoOn(url: string): string {
  const port = url.slice(url.lastIndexOf(':') + 1);
  return port === String(USUAL_PORT) ? 'npm run demo' : `PORT=${port} npm run demo`;
}
