import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import t from 'tap';

import { priorityOfSession } from './support/session-priority.js';

const ONLY_ON_LINUX = process.platform === 'linux' ? {} : { skip: 'a priority is the whole process there' };
const ONLY_WITH_SESSIONS = existsSync('/proc/self/autogroup') ? {} : { skip: 'sessions are nothing to this system' };

const MODULE = new URL('../src/giving-way.js', import.meta.url).href;
const EVALUATE = ['--input-type=module', '--eval'];
const { PRIORITY_LOW } = constants.priority;

t.test('a process lets others go first with all its threads', ONLY_ON_LINUX, async (t) => {
  const program = `
    const { readdirSync } = await import('node:fs');
    const { getPriority } = await import('node:os');
    const { giveWay } = await import('${MODULE}');
    giveWay();
    giveWay();
    console.log(JSON.stringify(readdirSync('/proc/self/task').map((thread) => getPriority(Number(thread)))));`;
  const { stdout } = await promisify(execFile)(process.execPath, [...EVALUATE, program]);
  const priorities = JSON.parse(stdout) as number[];
  t.ok(priorities.length > 1, `${priorities.length} threads`);
  t.strictSame(new Set(priorities), new Set([PRIORITY_LOW]));
});

t.test('so does its session where that is its own, and else it is left as it is', ONLY_WITH_SESSIONS, async (t) => {
  const program = `
    const { priorityOfSession } = await import('${new URL('./support/session-priority.js', import.meta.url).href}');
    const { giveWay } = await import('${MODULE}');
    giveWay();
    console.log(priorityOfSession('self'));`;
  const priorityAfter = async (detached: boolean) => {
    const child = spawn(process.execPath, [...EVALUATE, program], { detached, stdio: ['ignore', 'pipe', 'inherit'] });
    return Number(await text(child.stdout));
  };
  t.equal(await priorityAfter(true), PRIORITY_LOW);
  t.equal(await priorityAfter(false), priorityOfSession('self'));
});
