import { t } from '../app/i18n.js';
import { loadMe, me } from '../app/session.js';
import { html, useEffect } from '../library.js';
import { Frame } from '../parts/frame.js';
import { Heading } from '../parts/heading.js';
import { noticeProblem } from '../parts/notices.js';

/** @param {{ params: Record<string, string> }} props */
export function Page({ params: { workspaceId } }) {
  const who = me.use();
  useEffect(() => {
    loadMe().catch(noticeProblem);
  }, []);
  const here = who?.workspaces.find(({ id }) => id === workspaceId);
  return html`<${Frame} workspaceId=${workspaceId}><${Heading} title=${here?.name ?? t('loading')} /><//>`;
}
