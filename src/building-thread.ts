/** What a thread of the service runs that builds tables of projections. It lets others go first while it reads the program, too. */
import { giveWay } from './giving-way.js';

giveWay();
const { buildInThread } = await import('./building.js');
await buildInThread();
