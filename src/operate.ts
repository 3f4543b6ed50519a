#!/usr/bin/env node
/**
 * The operator's tool. Where no Postgres can be started here, which would be as low in priority, it lets others go first while it reads its
 * program, too: that takes half a second of a processor.
 */
import { giveWay } from './giving-way.js';

if (process.env['DATABASE_URL']?.trim()) giveWay();
const { operate } = await import('./operator-tool.js');
process.exitCode = await operate();
