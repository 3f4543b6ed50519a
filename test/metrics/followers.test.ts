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
});
