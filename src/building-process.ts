/** What a process runs, started by the service, that builds tables of projections. It lets others go first while it reads the program, too. */
import { giveWay } from './giving-way.js';

giveWay();
const { buildInProcess } = await import('./building.js');
await buildInProcess();
