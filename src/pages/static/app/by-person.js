/**
 * Lets an action pass that a person set going: a click, or a key. Scanners of mails run the scripts of a page, press its
 * buttons from a script and submit its forms; what a script makes is not trusted by the browser (DOM, section 2.2).
 *
 * For clicks and keys only: the submit event of a form is trusted even where a script caused it, so that what must not
 * happen by itself has a button, and no form.
 *
 * @template {Event} E
 * @param {(event: E) => void} action
 * @returns {(event: E) => void}
 */
export function byPerson(action) {
  return (event) => {
    if (event.isTrusted) action(event);
  };
}
