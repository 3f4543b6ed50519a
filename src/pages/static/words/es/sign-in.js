/** @type {typeof import('../en/sign-in.js').signIn} */
export const signIn = {
  'signIn.title': 'Iniciar sesión o registrarse',
  'signIn.lead': 'Escriba su dirección de correo. Le enviamos un enlace para entrar, sin contraseña.',
  'signIn.email': 'Dirección de correo',
  'signIn.send': 'Recibir un enlace',
  'signIn.sentTitle': 'Mire su bandeja de entrada',
  'signIn.sentText': 'Hemos enviado un enlace a {email}. Vale diez minutos y para un solo acceso.',
  'signIn.otherAddress': 'Usar otra dirección',
  'signIn.readyTitle': 'Está a un clic',
  'signIn.readyText': 'Continúe para iniciar sesión en este navegador.',
  'signIn.continue': 'Iniciar sesión',
  'signIn.failedTitle': 'Este enlace no da acceso',
};
