import { element, post, show } from './dom.js';
import { problemWords, words } from './words.js';

const token = location.hash.slice(1);
const session = sessionStorage.getItem('access-token') ?? undefined;

/** The address has an account, and there is no session, or one that is over. */
const NEEDS_SESSION = new Set(['sign-in-required', 'authentication-required', 'invalid-access-token']);

function showProblem(code) {
  const [title, advice] = problemWords(code);
  show(element('h1', {}, title), element('p', { class: 'quiet' }, advice));
}

/** Disables the buttons while something is under way, so that one click is one request. */
async function whileBusy(work) {
  for (const button of document.querySelectorAll('button')) button.disabled = true;
  try {
    await work();
  } catch (error) {
    showProblem(error.code);
  }
}

function showWelcome(workspace) {
  show(element('h1', {}, words.welcome(workspace)), element('p', {}, words.welcomeText));
}

function showSignInFirst(email) {
  const send = () =>
    whileBusy(async () => {
      await post('/v1/sign-in-links', { email });
      show(element('h1', {}, words.linkSent), element('p', { class: 'quiet' }, words.linkSentText));
    });
  show(
    element('h1', {}, words.signInFirst),
    element('p', {}, words.signInText(email)),
    element('div', { class: 'actions' }, element('button', { class: 'main', onclick: send }, words.sendLink)),
  );
}

function showInvitation({ workspace, inviter, email, role, name, accountExists }) {
  const field = element('input', { name: 'name', autocomplete: 'name', maxlength: '100', required: true });
  field.value = name ?? '';
  const accept = (event) => {
    event.preventDefault();
    return whileBusy(async () => {
      try {
        await post('/v1/invitations/accept', { token, ...(accountExists ? {} : { name: field.value }) }, session);
        showWelcome(workspace.name);
      } catch (error) {
        if (!NEEDS_SESSION.has(error.code)) throw error;
        showSignInFirst(email);
      }
    });
  };
  const decline = () =>
    whileBusy(async () => {
      await post('/v1/invitations/decline', { token });
      show(element('h1', {}, words.declined), element('p', { class: 'quiet' }, words.declinedText));
    });
  show(
    element('h1', {}, words.invited(inviter?.name ?? '', workspace.name)),
    element('p', { class: 'quiet' }, words.as(words.roles[role], email)),
    element(
      'form',
      { onsubmit: accept },
      ...(accountExists ? [] : [element('label', {}, words.name, field)]),
      element(
        'div',
        { class: 'actions' },
        element('button', { class: 'main', type: 'submit' }, words.accept),
        element('button', { type: 'button', onclick: decline }, words.decline),
      ),
    ),
  );
}

show(element('p', { class: 'quiet' }, words.loading));
try {
  const invitation = await post('/v1/invitations/lookup', { token });
  if (invitation.status === 'open') showInvitation(invitation);
  else showProblem(invitation.status);
} catch (error) {
  showProblem(error.code);
}
