/** @type {typeof import('../en/sign-in.js').signIn} */
export const signIn = {
  'signIn.title': 'Entrar ou criar conta',
  'signIn.lead': 'Digite o seu endereço de e-mail. Enviamos um link para você entrar, sem senha.',
  'signIn.email': 'Endereço de e-mail',
  'signIn.send': 'Receber um link',
  'signIn.sentTitle': 'Veja a sua caixa de entrada',
  'signIn.sentText': 'Enviamos um link para {email}. Ele vale por dez minutos e por um único acesso.',
  'signIn.otherAddress': 'Usar outro endereço',
  'signIn.readyTitle': 'Falta só um clique',
  'signIn.readyText': 'Continue para entrar neste navegador.',
  'signIn.continue': 'Entrar',
  'signIn.failedTitle': 'Este link não dá acesso',
};
