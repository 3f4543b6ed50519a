import t from 'tap';

import { dayIn, zoneOfOneDay } from './support/one-day.js';

t.test('a test that begins at any minute of a day is an hour later on the same day', async (t) => {
  const zones = new Set<string>();
  for (let minute = 0; minute < 24 * 60; minute++) {
    const now = new Date(Date.UTC(2026, 2, 8, 0, minute));
    const timeZone = zoneOfOneDay(now);
    zones.add(timeZone);
    const later = new Date(now.getTime() + 59 * 60_000);
    if (dayIn(timeZone, 0, now) !== dayIn(timeZone, 0, later)) t.fail(`${now.toISOString()} in ${timeZone}`);
  }
  t.equal(zones.size, 2);
});
