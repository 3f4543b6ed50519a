import t from 'tap';

import { Metrics } from '../../src/metrics/metrics.js';

t.test('a store that does not answer takes nothing from the other figures', async (t) => {
  const metrics = new Metrics();
  metrics.advanced('users-tab', 3);
  let asked = 0;
  metrics.watchFollowers(['users-tab'], () => {
    asked++;
    return new Promise(() => {});
  });
  const text = await metrics.text();
  t.match(text, 'follower_events_total{follower="users-tab"} 3\n');
  t.notMatch(text, /^follower_lag_seconds\{/m);
  t.equal(asked, 1, 'it is asked once for all figures');
  await metrics.text();
  t.equal(asked, 1, 'and not again before it has answered: each question would hold a connection');
});

t.test('nor does a database that does not say what is parked', async (t) => {
  const metrics = new Metrics();
  metrics.advanced('users-tab', 3);
  const counts = new Map([['users-tab', { streams: 1, events: 2 }]]);
  let answer = (): void => {};
  const late = new Promise<typeof counts>((resolve) => {
    answer = () => resolve(counts);
  });
  metrics.watchParked(['users-tab'], () => late);
  const text = await metrics.text();
  t.match(text, 'follower_events_total{follower="users-tab"} 3\n');
  t.notMatch(text, /^projection_parked_/m);
  answer();
  t.match(await metrics.text(), 'projection_parked_events{projection="users-tab"} 2\n');
});
