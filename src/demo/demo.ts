import { pino } from 'pino';

import { readConfig } from '../config.js';
import { localUrl } from '../server-url.js';
import { startService } from '../service.js';
import { playStory } from './story.js';

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Plays the story against the service that runs, or against one that is started for it. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const url = localUrl(config.host, config.port);
  if (await answers(url)) {
    tell(`Playing against the service at ${url}.`);
    await playStory(url, tell);
    return;
  }
  tell(
    `No service answers at ${url}: starting one. Where yours listens on another port, name it: PORT=3001 npm run demo`,
  );
  const service = await startService(config, pino({ level: 'warn' }));
  try {
    await playStory(service.url ?? url, tell);
    tell(`\nThe mails are in the inbox: run \`npm start\` and open ${service.inboxUrl}.`);
  } finally {
    await service.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
