import { t } from '../app/i18n.js';
import { askAsOperator, forgetToken, operatorToken } from '../app/operator.js';
import { usePolled } from '../app/use-polled.js';
import { html } from '../library.js';
import { Frame } from '../parts/frame.js';
import { Heading } from '../parts/heading.js';
import { Figures } from '../parts/operations/figures.js';
import { MailQueue } from '../parts/operations/mail-queue.js';
import { Projection } from '../parts/operations/projection.js';
import { TokenForm } from '../parts/operations/token-form.js';
import { Problem } from '../parts/problem.js';

/** Milliseconds between two looks. */
const INTERVAL = 2_000;

/** How the service fares, for whoever runs it. */
export function Page() {
  const token = operatorToken.use();
  return token === '' ? html`<${TokenForm} />` : html`<${Overview} />`;
}

async function look() {
  const [{ items: projections }, reactor, { items: mails }, figures] = await Promise.all([
    askAsOperator('GET /operations/projections'),
    askAsOperator('GET /operations/reactor'),
    askAsOperator('GET /operations/mail?limit=50'),
    askAsOperator('GET /operations/invitation-figures?days=30'),
  ]);
  return { projections, reactor, mails, figures };
}

function Overview() {
  const { value, problem, refresh } = usePolled(look, INTERVAL);
  return html`<${Frame}>
    <div class="page-head">
      <${Heading} title=${t('ops.title')} />
      <button type="button" onClick=${forgetToken}>${t('ops.leave')}</button>
    </div>
    <${Problem} text=${problem} />
    ${!value && !problem && html`<p class="quiet" role="status">${t('loading')}</p>`}
    ${
      value &&
      html`
      <section class="card" aria-labelledby="projections"><h2 id="projections">${t('ops.projections')}</h2>
        <ul class="standings">
          ${value.projections.map(
            (/** @type {{ name: string }} */ each) =>
              html`<${Projection} key=${each.name} standing=${each} refresh=${refresh} />`,
          )}
        </ul>
      </section>
      <${MailQueue} reactor=${value.reactor} mails=${value.mails} refresh=${refresh} />
      <${Figures} figures=${value.figures} />
    `
    }
  <//>`;
}
