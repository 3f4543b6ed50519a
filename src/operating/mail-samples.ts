import type { TemplateName, TemplateValues } from '../mail/render.js';

const INVITATION = {
  workspaceName: 'Northwind',
  inviterName: 'Bruno Lima',
  recipientName: 'Ana',
  role: 'developer',
  message: 'Good to have you with us.\nSee you on Monday!',
  acceptUrl: 'https://app.example.com/accept#a-sample-of-a-token',
  expiresAt: '2030-05-14T15:30:00.000Z',
  email: 'ana@example.com',
} as const;

const INVITER = {
  recipientName: 'Bruno Lima',
  workspaceName: 'Northwind',
  usersUrl: 'https://app.example.com/workspaces/northwind/users',
  preferencesUrl: 'https://app.example.com/preferences',
} as const;

/** What each mail may be filled with: nobody there is, and no place. */
export const SAMPLES: { readonly [Name in TemplateName]: TemplateValues[Name] } = {
  invitation: INVITATION,
  'invitation-resent': { ...INVITATION, message: '' },
  reminder: { ...INVITATION, message: '' },
  'renewal-requested': {
    ...INVITER,
    invitedName: 'Ana',
    invitedEmail: 'ana@example.com',
    expiredAt: '2030-05-14T15:30:00.000Z',
  },
  digest: {
    ...INVITER,
    accepted: [
      { name: 'Ana', email: 'ana@example.com' },
      { name: 'Carla', email: 'carla@example.com' },
    ],
    declined: [{ name: '', email: 'davi@example.com' }],
    undelivered: [{ name: 'Elena', email: 'elena@example.com', reason: '550 5.1.1 there is no such mailbox here' }],
    expired: [{ name: '', email: 'felipe@example.com' }],
    renewals: [{ name: 'Gabriela', email: 'gabriela@example.com' }],
  },
  'sign-in': {
    signInUrl: 'https://app.example.com/sign-in#a-sample-of-a-token',
    minutes: 10,
    email: 'ana@example.com',
  },
};
