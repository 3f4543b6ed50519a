import { readFileSync } from 'node:fs';

/** The priority of a process' session, where the system shares processors out among sessions first. */
export const priorityOfSession = (id: number | 'self'): number =>
  Number(readFileSync(`/proc/${id}/autogroup`, 'utf8').trim().split(' ').at(-1));
