const en = {
  loading: 'One moment…',
  invited: (inviter, workspace) =>
    inviter ? `${inviter} invites you to ${workspace}` : `You are invited to ${workspace}`,
  as: (role, email) => `You would join as ${role}, with the address ${email}.`,
  roles: { owner: 'owner', administrator: 'administrator', developer: 'developer' },
  name: 'Your name',
  accept: 'Accept',
  decline: 'Decline',
  welcome: (workspace) => `Welcome to ${workspace}`,
  welcomeText: 'You are in. You can close this page.',
  declined: 'You declined the invitation',
  declinedText: 'Whoever invited you can see it in their list of users.',
  signInFirst: 'Sign in to accept',
  signInText: (email) =>
    `${email} has an account. Get a sign-in link by e-mail, open it in this browser, and come back here.`,
  sendLink: 'E-mail me a sign-in link',
  linkSent: 'Look into your inbox',
  linkSentText: 'The link is good for ten minutes. After signing in, open the invitation again.',
  signIn: 'Sign in',
  signInReady: 'You are about to sign in.',
  signedIn: (email) => `Signed in as ${email}`,
  token: 'Your access token, for the REST interface:',
  problems: {
    expired: ['This invitation has expired', 'Ask the person who invited you to send it again.'],
    superseded: ['There is a newer link', 'Use the one in the latest e-mail.'],
    revoked: ['This invitation was withdrawn', 'Ask the person who invited you for a new one.'],
    declined: ['This invitation was declined', 'Ask the person who invited you for a new one.'],
    'already-accepted': ['This invitation has been accepted', 'There is nothing left to do: sign in.'],
    removed: ['This invitation was used before', 'You were removed since. Ask for a new one.'],
    'inviter-not-allowed': [
      'This invitation is no longer good',
      'The person who invited you may not invite any more. Ask an administrator to send it again.',
    ],
    'wrong-account': [
      'You are signed in as somebody else',
      'Sign in with the address that the invitation was sent to.',
    ],
    'invalid-token': ['This link is not complete', 'Copy it whole from the e-mail.'],
    'not-found': ['There is no such invitation', 'Ask the person who invited you for a new one.'],
    'sign-in-link-used': ['This link was used before', 'A sign-in link is good for one use. Ask for a new one.'],
    'name-required': ['Your name is missing', 'Open the link again and type your name.'],
    'too-many-requests': ['That was too often', 'Wait a few minutes, and open the link again.'],
    other: ['That did not work', 'Try again in a moment.'],
  },
};

const pt = {
  loading: 'Um momento…',
  invited: (inviter, workspace) =>
    inviter ? `${inviter} convida você para ${workspace}` : `Você foi convidado para ${workspace}`,
  as: (role, email) => `Você entraria como ${role}, com o endereço ${email}.`,
  roles: { owner: 'proprietário', administrator: 'administrador', developer: 'desenvolvedor' },
  name: 'Seu nome',
  accept: 'Aceitar',
  decline: 'Recusar',
  welcome: (workspace) => `Boas-vindas a ${workspace}`,
  welcomeText: 'Você já faz parte. Pode fechar esta página.',
  declined: 'Você recusou o convite',
  declinedText: 'Quem convidou você vê isso na lista de usuários.',
  signInFirst: 'Entre para aceitar',
  signInText: (email) => `${email} já tem uma conta. Receba um link por e-mail, abra-o neste navegador e volte aqui.`,
  sendLink: 'Enviar um link para eu entrar',
  linkSent: 'Veja a sua caixa de entrada',
  linkSentText: 'O link vale por dez minutos. Depois de entrar, abra o convite de novo.',
  signIn: 'Entrar',
  signInReady: 'Você está prestes a entrar.',
  signedIn: (email) => `Você entrou como ${email}`,
  token: 'Seu token de acesso, para a interface REST:',
  problems: {
    expired: ['Este convite expirou', 'Peça a quem convidou você que o envie de novo.'],
    superseded: ['Há um link mais novo', 'Use o do e-mail mais recente.'],
    revoked: ['Este convite foi retirado', 'Peça um novo a quem convidou você.'],
    declined: ['Este convite foi recusado', 'Peça um novo a quem convidou você.'],
    'already-accepted': ['Este convite já foi aceito', 'Não há mais nada a fazer: entre.'],
    removed: ['Este convite já foi usado', 'Você foi removido depois disso. Peça um novo.'],
    'inviter-not-allowed': [
      'Este convite não vale mais',
      'Quem convidou você não pode mais convidar. Peça a um administrador que o envie de novo.',
    ],
    'wrong-account': ['Você entrou com outra conta', 'Entre com o endereço que recebeu o convite.'],
    'invalid-token': ['Este link está incompleto', 'Copie-o inteiro do e-mail.'],
    'not-found': ['Este convite não existe', 'Peça outro a quem convidou você.'],
    'sign-in-link-used': ['Este link já foi usado', 'Um link de acesso vale uma única vez. Peça outro.'],
    'name-required': ['Falta o seu nome', 'Abra o link de novo e escreva o seu nome.'],
    'too-many-requests': ['Tentativas demais', 'Espere alguns minutos e abra o link de novo.'],
    other: ['Não deu certo', 'Tente de novo em instantes.'],
  },
};

const es = {
  loading: 'Un momento…',
  invited: (inviter, workspace) =>
    inviter ? `${inviter} le invita a ${workspace}` : `Tiene una invitación a ${workspace}`,
  as: (role, email) => `Entraría como ${role}, con la dirección ${email}.`,
  roles: { owner: 'propietario', administrator: 'administrador', developer: 'desarrollador' },
  name: 'Su nombre',
  accept: 'Aceptar',
  decline: 'Rechazar',
  welcome: (workspace) => `Bienvenida a ${workspace}`,
  welcomeText: 'Ya forma parte. Puede cerrar esta página.',
  declined: 'Ha rechazado la invitación',
  declinedText: 'Quien le invitó lo ve en su lista de usuarios.',
  signInFirst: 'Inicie sesión para aceptar',
  signInText: (email) =>
    `${email} ya tiene una cuenta. Reciba un enlace por correo, ábralo en este navegador y vuelva aquí.`,
  sendLink: 'Enviarme un enlace',
  linkSent: 'Mire su bandeja de entrada',
  linkSentText: 'El enlace vale diez minutos. Después de iniciar sesión, abra la invitación otra vez.',
  signIn: 'Iniciar sesión',
  signInReady: 'Está a punto de iniciar sesión.',
  signedIn: (email) => `Ha iniciado sesión como ${email}`,
  token: 'Su token de acceso, para la interfaz REST:',
  problems: {
    expired: ['Esta invitación ha caducado', 'Pida a quien le invitó que la envíe de nuevo.'],
    superseded: ['Hay un enlace más reciente', 'Use el del último correo.'],
    revoked: ['Esta invitación fue retirada', 'Pida otra a quien le invitó.'],
    declined: ['Esta invitación fue rechazada', 'Pida otra a quien le invitó.'],
    'already-accepted': ['Esta invitación ya fue aceptada', 'No queda nada por hacer: inicie sesión.'],
    removed: ['Esta invitación ya fue usada', 'Después se le retiró del espacio. Pida otra.'],
    'inviter-not-allowed': [
      'Esta invitación ya no vale',
      'Quien le invitó ya no puede invitar. Pida a un administrador que la envíe de nuevo.',
    ],
    'wrong-account': ['Ha entrado con otra cuenta', 'Inicie sesión con la dirección que recibió la invitación.'],
    'invalid-token': ['Este enlace está incompleto', 'Cópielo entero del correo.'],
    'not-found': ['No existe esa invitación', 'Pida otra a quien le invitó.'],
    'sign-in-link-used': ['Este enlace ya fue usado', 'Un enlace de acceso sirve una sola vez. Pida otro.'],
    'name-required': ['Falta su nombre', 'Abra de nuevo el enlace y escriba su nombre.'],
    'too-many-requests': ['Demasiados intentos', 'Espere unos minutos y abra de nuevo el enlace.'],
    other: ['No ha funcionado', 'Inténtelo de nuevo en un momento.'],
  },
};

const languages = { en, pt, es };

/** The words in the first of the reader's languages that there are words in. */
const language =
  navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in languages) ?? 'en';
document.documentElement.lang = language === 'pt' ? 'pt-BR' : language;

export const words = languages[language];

/** Title and advice for a problem, by the code that the service gave it. */
export function problemWords(code) {
  return words.problems[(code ?? '').replace(/^invitation-/, '')] ?? words.problems.other;
}
