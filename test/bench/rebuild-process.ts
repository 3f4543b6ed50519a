/**
 * A process of its own for what is measured in time and memory: reads the log with no handler (`read`; `read-by-client` as the official
 * client of EventStoreDB does), or rebuilds a projection (`rebuild NAME`, with `--switch` whatever differs). Prints what it took as JSON.
 */
import { giveWay } from '../../src/giving-way.js';

// As the operator's tool does, before it reads its program.
if (process.argv[2] === 'rebuild') giveWay();
await import('./measured-work.js');
