import { problemText } from '../app/api.js';
import { t } from '../app/i18n.js';
import { looksComplete, merge, readRecipients } from '../app/recipients.js';
import { html, useRef, useState } from '../library.js';
import { RecipientChip } from './recipient-chip.js';

/** @typedef {import('../app/recipients.js').Recipient} Recipient */

/** More chips than this nobody reads; the rest are counted. */
const SHOWN = 150;

/**
 * A field that turns typed or pasted addresses into chips.
 *
 * @param {{ people: readonly Recipient[], change: (people: readonly Recipient[]) => void }} props
 */
export function RecipientField({ people, change }) {
  const [said, setSaid] = useState('');
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const newest = useRef(people);
  newest.current = people;
  // Read from the field itself: who types fast is ahead of what has been drawn.
  const textIn = () => input.current?.value ?? '';
  /** @param {string} text */
  const put = (text) => {
    if (input.current) input.current.value = text;
  };

  /** @param {readonly Recipient[]} next */
  const set = (next) => {
    newest.current = next;
    change(next);
  };

  /** @param {string} typed */
  const add = async (typed) => {
    if (typed.trim() === '') return;
    put('');
    try {
      const found = await readRecipients(typed);
      const { list, merged } = merge(newest.current, found);
      set(list);
      setSaid(merged > 0 ? t('invite.merged', { count: merged }) : '');
    } catch (error) {
      put(`${typed} ${textIn()}`.trim());
      setSaid(problemText(error));
    }
  };

  /** @param {Recipient} person */
  const remove = (person) => {
    set(newest.current.filter(({ key }) => key !== person.key));
    input.current?.focus();
  };
  /** @param {Recipient} person */
  const edit = (person) => {
    remove(person);
    put(person.input);
  };

  /** @param {KeyboardEvent} event */
  const typed = (event) => {
    const text = textIn();
    const last = people.at(-1);
    const ends = event.key === 'Enter' || ([',', ';'].includes(event.key) && text.includes('@'));
    if (text.trim() !== '' && (ends || (event.key === ' ' && looksComplete(text.trim())))) {
      event.preventDefault();
      void add(text);
    } else if (event.key === 'Backspace' && text === '' && last) {
      event.preventDefault();
      edit(last);
    }
  };
  /** @param {ClipboardEvent} event */
  const pasted = (event) => {
    event.preventDefault();
    void add(`${textIn()} ${event.clipboardData?.getData('text/plain') ?? ''}`);
  };

  const bad = people.filter(({ problem }) => problem);
  return html`<div class="field">
    <label for="recipients"><span>${t('invite.addresses')}</span></label>
    <div class="chip-field">
      <ul class="chips">
        ${people
          .slice(0, SHOWN)
          .map((person) => html`<${RecipientChip} key=${person.key} person=${person} remove=${remove} edit=${edit} />`)}
        ${people.length > SHOWN && html`<li class="quiet">${t('invite.more', { count: people.length - SHOWN })}</li>`}
      </ul>
      <input id="recipients" ref=${input} type="text" inputmode="email" autocomplete="off" autocapitalize="none"
        spellcheck="false" autofocus aria-describedby="recipients-hint recipients-count" onKeyDown=${typed}
        onPaste=${pasted} onBlur=${() => add(textIn())} />
    </div>
    <small id="recipients-hint" class="quiet">${t('invite.hint')}</small>
    <p id="recipients-count" class="small count" role="status">
      ${[
        people.length > 0 && t('invite.people', { count: people.length - bad.length }),
        bad.length > 0 && t('invite.toMend', { count: bad.length }),
        said,
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
    ${
      bad.length > 0 &&
      html`<ul class="faults small">
        ${bad.slice(0, 8).map(({ key, input: given, problem }) => html`<li key=${key}><strong>${given}</strong> ${problem}</li>`)}
      </ul>`
    }
  </div>`;
}
