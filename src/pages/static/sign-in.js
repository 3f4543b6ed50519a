import { element, post, show } from './dom.js';
import { problemWords, words } from './words.js';

const token = location.hash.slice(1);

async function signIn() {
  try {
    const { accessToken, account } = await post('/v1/sessions', { token });
    sessionStorage.setItem('access-token', accessToken);
    show(
      element('h1', {}, words.signedIn(account.email)),
      element('p', { class: 'quiet' }, words.token),
      element('code', {}, accessToken),
    );
  } catch (error) {
    const [title, advice] = problemWords(error.code);
    show(element('h1', {}, title), element('p', { class: 'quiet' }, error.message || advice));
  }
}

// The link is redeemed by a click, not by opening it: mail scanners open links.
show(
  element('h1', {}, words.signIn),
  element('p', { class: 'quiet' }, words.signInReady),
  element('div', { class: 'actions' }, element('button', { class: 'main', onclick: signIn }, words.signIn)),
);
