import { inBrowser } from './support/browser.js';
import { slowness } from './support/slowness.js';

/** Bytes of the page, its files and its requests, with what HTTP puts around them. */
const MOST = 100_000;

/** Milliseconds, of the service's own: on the loopback the network takes no time. On a machine that is slower, so many times longer. */
const LONGEST = 500;

/** Others may have the machine at the same time, so that what counts is the best of many: a page that is too slow never gets there. */
const TRIES = 30;

inBrowser(async (t, site) => {
  const owner = await site.signIn('olivia@example.com', 'Olivia Owner');
  const workspaceId = await site.createWorkspace(owner);
  const { invitation, ...ana } = await site.invite(owner, workspaceId, 'ana@example.com');
  await site.caughtUp();
  const paths = [
    '/',
    '/sign-in',
    `/accept#${site.linkOf({ ...ana, invitation })}`,
    '/operations',
    '/preferences',
    '/workspaces/new',
    `/workspaces/${workspaceId}/invite`,
    `/workspaces/${workspaceId}/users`,
    `/workspaces/${workspaceId}/history`,
    `/workspaces/${workspaceId}/settings`,
  ];

  for (const path of paths) {
    t.test(`${path.replace(/#.*/, '')} is there with little, and at once`, async (t) => {
      const bytes: number[] = [];
      const times: number[] = [];
      while (times.length < TRIES && !times.some((time) => time < LONGEST)) {
        const page = await site.openAs(owner.email, path);
        const interactive = await page.waitForFunction(() => performance.getEntriesByName('interactive')[0]?.startTime);
        times.push(Math.round(Number(await interactive.jsonValue()) / (await slowness(page))));
        // Whatever is asked for at first has been answered; the changes of a workspace are followed for ever.
        await page.locator('[aria-busy=true], .skeleton').first().waitFor({ state: 'detached' });
        bytes.push(
          await page.evaluate<number>(
            `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
              .reduce((sum, { transferSize }) => sum + transferSize, 0)`,
          ),
        );
        await page.context().close();
      }
      t.comment(`${bytes} bytes, interactive after ${times} ms`);
      t.ok(Math.max(...bytes) < MOST, `${bytes} bytes`);
      t.ok(Math.min(...times) < LONGEST, `${times} ms`);
    });
  }
});
