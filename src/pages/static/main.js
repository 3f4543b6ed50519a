import { shown, t } from './app/i18n.js';
import { underOneName } from './app/one-name.js';
import { current, followLinks, showCurrent } from './app/router.js';
import './app/session.js';
import { html, render, useErrorBoundary } from './library.js';
import { ReasonDialog } from './parts/ask-reason.js';
import { Confirmation } from './parts/confirm.js';
import { LinkToCopy } from './parts/link-to-copy.js';
import { MessagePage } from './parts/message-page.js';
import { Notices } from './parts/notices.js';

function App() {
  shown.use();
  const route = current.use();
  const [broken] = useErrorBoundary();
  if (broken) {
    return html`<${MessagePage} title=${t('brokenTitle')} text=${t('brokenText')}>
      <button type="button" class="primary" onClick=${() => location.reload()}>${t('reload')}</button>
    <//>`;
  }
  if (!route) return null;
  const { Page, path, params } = route;
  return html`
    ${
      Page
        ? html`<${Page} key=${path} params=${params} />`
        : html`<${MessagePage} title=${t('notFoundTitle')} text=${t('notFoundText')}>
            <a class="button primary" href="/">${t('goHome')}</a>
          <//>`
    }
    <${Notices} />
    <${Confirmation} />
    <${ReasonDialog} />
    <${LinkToCopy} />
  `;
}

const { content: origin } = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name=origin]'));
const there = underOneName(origin, location);
if (there) location.replace(there);
else {
  followLinks();
  await showCurrent();
  render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
  performance.mark('interactive');
}
