/** An inbox in a process of its own, for tests to kill: `node inbox-service.js <folder>` prints its SMTP URL. */
import { startInbox } from '../../src/embedded/inbox.js';
import { silent } from '../support/silent-logger.js';

const { smtpUrl } = await startInbox({ directory: process.argv[2] ?? '', logger: silent });
process.stdout.write(`${smtpUrl}\n`);
