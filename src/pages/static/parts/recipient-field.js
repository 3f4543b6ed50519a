import { problemText } from '../app/api.js';
import { t } from '../app/i18n.js';
import { looksComplete, merge, readRecipients } from '../app/recipients.js';
import { html, useRef, useState } from '../library.js';
import { RecipientChip } from './recipient-chip.js';

/** @typedef {import('../app/recipients.js').Recipient} Recipient */

/** More chips than this nobody reads; the rest are counted. */
const SHOWN = 150;

/** What a page does with the field. @typedef {{ flush: () => Promise<void>, clear: () => void }} RecipientControl */

/**
 * A field that turns typed or pasted addresses into chips.
 *
 * @param {{ people: readonly Recipient[], change: (change: (people: readonly Recipient[]) => readonly Recipient[]) => void,
 *   control: import('../library.js').Ref<RecipientControl | undefined>, unread: (isUnread: boolean) => void }} props
 *   `control.current.flush` reads what stands in the field and waits for what is being read, `clear` takes back what it said of it;
 *   `unread` learns whether anything stands there
 */
export function RecipientField({ people, change, control, unread }) {
  const [said, setSaid] = useState('');
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const reading = useRef(/** @type {Promise<void>} */ (Promise.resolve()));
  // Read from the field itself: who types fast is ahead of what has been drawn.
  const textIn = () => input.current?.value ?? '';
  const noteText = () => unread(textIn().trim() !== '');
  /** @param {string} text */
  const put = (text) => {
    if (input.current) input.current.value = text;
    noteText();
  };

  /** @param {string} typed */
  const read = async (typed) => {
    try {
      const found = await readRecipients(typed);
      let merged = 0;
      change((known) => {
        const both = merge(known, found);
        merged = both.merged;
        return both.list;
      });
      setSaid(merged > 0 ? t('invite.merged', { count: merged }) : '');
    } catch (error) {
      put(`${typed} ${textIn()}`.trim());
      throw error;
    }
  };
  /** @param {string} typed */
  const add = (typed) => {
    if (typed.trim() === '') return;
    put('');
    reading.current = reading.current.then(() => read(typed)).catch((error) => setSaid(problemText(error)));
  };
  control.current = {
    async flush() {
      await reading.current;
      const typed = textIn();
      if (typed.trim() === '') return;
      put('');
      await read(typed);
    },
    clear: () => setSaid(''),
  };

  /** @param {Recipient} person */
  const remove = (person) => {
    change((known) => known.filter(({ key }) => key !== person.key));
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
      add(text);
    } else if (event.key === 'Backspace' && text === '' && last) {
      event.preventDefault();
      edit(last);
    }
  };
  /** @param {ClipboardEvent} event */
  const pasted = (event) => {
    event.preventDefault();
    add(`${textIn()} ${event.clipboardData?.getData('text/plain') ?? ''}`);
  };

  const bad = people.filter(({ problem }) => problem);
  // What has to be mended is not left among what is not drawn.
  const inOrder = people.length > SHOWN ? [...bad, ...people.filter(({ problem }) => !problem)] : people;
  return html`<div class="field">
    <label for="recipients"><span>${t('invite.addresses')}</span></label>
    <div class="chip-field">
      <ul class="chips">
        ${inOrder
          .slice(0, SHOWN)
          .map((person) => html`<${RecipientChip} key=${person.key} person=${person} remove=${remove} edit=${edit} />`)}
        ${people.length > SHOWN && html`<li class="quiet">${t('invite.more', { count: people.length - SHOWN })}</li>`}
      </ul>
      <input id="recipients" ref=${input} type="text" inputmode="email" autocomplete="off" autocapitalize="none"
        spellcheck=${false} autofocus aria-describedby="recipients-hint recipients-count" onKeyDown=${typed}
        onInput=${noteText} onPaste=${pasted} onBlur=${() => add(textIn())} />
    </div>
    <small id="recipients-hint" class="quiet">${t('invite.hint')}</small>
    <p id="recipients-count" class="small count" role="status">
      ${[
        people.length > bad.length && t('invite.people', { count: people.length - bad.length }),
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
