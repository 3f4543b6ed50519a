export const signIn = {
  'signIn.title': 'Sign in or sign up',
  'signIn.lead': 'Type your e-mail address. We send you a link that signs you in; no password needed.',
  'signIn.email': 'E-mail address',
  'signIn.send': 'E-mail me a link',
  'signIn.sentTitle': 'Look into your inbox',
  'signIn.sentText': 'We have sent a link to {email}. It is good for ten minutes and one sign-in.',
  'signIn.otherAddress': 'Use another address',
  'signIn.readyTitle': 'You are one click away',
  'signIn.readyText': 'This browser will be signed in.',
  'signIn.continue': 'Sign in',
  'signIn.failedTitle': 'This link does not sign you in',
};
