import { inBrowser } from './support/browser.js';

inBrowser(async (t, site) => {
  t.test('two readers in two zones see one instant, each by their own clock', async (t) => {
    const as = await site.signIn('olivia@example.com', 'Olivia Owner');
    const workspaceId = await site.createWorkspace(as, 'Acme');
    const { id, invitation } = await site.invite(as, workspaceId, 'ana@example.com');
    await site.caughtUp();
    const shown: string[] = [];
    for (const timeZone of ['America/Sao_Paulo', 'Asia/Tokyo']) {
      const page = await site.openAs(as.email, `/workspaces/${workspaceId}/users?person=${id}`, {
        timezoneId: timeZone,
      });
      const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone });
      const expected = spaced(clock.format(new Date(invitation.invitedAt)));
      const inRow = page.locator(`[data-user="${id}"] .invited time`);
      await inRow.waitFor();
      t.equal(await inRow.getAttribute('datetime'), invitation.invitedAt);
      t.equal(spaced((await inRow.getAttribute('title')) ?? ''), expected, `users tab, ${timeZone}`);
      const inTimeline = page.locator('dialog [data-type=invited] time');
      await inTimeline.waitFor();
      t.equal(spaced(await inTimeline.innerText()).split(' · ')[0], expected, `timeline, ${timeZone}`);
      shown.push(expected);
    }
    t.not(shown[0], shown[1]);
  });
});

/** With the same spaces, whichever are usual in the language data that a text was made with. */
function spaced(text: string): string {
  return text.replace(/\s/g, ' ');
}
