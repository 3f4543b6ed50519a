import { useCallback } from '../library.js';
import { useAddress } from './use-address.js';

const NAME = 'person';

const read = () => new URLSearchParams(location.search).get(NAME) ?? '';

/** @param {string} person */
function pathWith(person) {
  const parameters = new URLSearchParams(location.search);
  if (person === '') parameters.delete(NAME);
  else parameters.set(NAME, person);
  const search = parameters.toString();
  return search === '' ? location.pathname : `${location.pathname}?${search}`;
}

/**
 * Whose timeline is open, as the address bar has it, so that it can be passed on. The browser's way back closes it.
 *
 * @returns {[string, (person: string) => void, () => void]} the user id or nothing, and how it is opened and closed
 */
export function usePerson() {
  const [person, setPerson] = useAddress(read);
  const open = useCallback((/** @type {string} */ id) => {
    history.pushState({ opened: NAME }, '', pathWith(id));
    setPerson(id);
  }, []);
  const close = useCallback(() => {
    setPerson('');
    if (read() === '') return;
    // What was opened here is behind us by going back; a link that led right to it has nothing to go back to.
    if (history.state?.opened === NAME) history.back();
    else history.replaceState(null, '', pathWith(''));
  }, []);
  return [person, open, close];
}
