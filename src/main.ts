import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';

import { readConfig } from './config.js';
import { InvalidConfig } from './environment.js';
import { makeHeapRoomy } from './heap-growth.js';
import { introductionOf } from './introduction.js';
import { type Service, startService } from './service.js';

/** How long a stop may take before it is cut short, in milliseconds. */
const PATIENCE = 15_000;

/** Codes of failures that have a sentence for the operator; of any other the whole error is shown. */
function explain(error: unknown): string {
  const { code, message, port, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Stop it, or choose another: PORT=3001 npm start`;
  if (code === 'EACCES' && port)
    return `This user may not listen on port ${port}. Choose one above 1023: PORT=3000 npm start`;
  if (error instanceof InvalidConfig || /^[a-z]+(-[a-z]+)+$/.test(code ?? '')) return message;
  return stack ?? String(error);
}

async function main(): Promise<void> {
  makeHeapRoomy();
  const config = readConfig(process.env);
  const logger = pino({ level: config.logLevel });
  let service: Service | undefined;
  let stopping = false;
  closeWithGrace({ delay: PATIENCE, logger: false }, async ({ err, signal }) => {
    stopping = true;
    if (err) logger.fatal({ err }, 'an error that nobody caught; stopping');
    else logger.info({ signal }, 'stopping');
    await service?.stop();
  });
  service = await startService(config, logger);
  if (stopping) await service.stop();
  else process.stdout.write(introductionOf(service, config));
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exit(1);
});
