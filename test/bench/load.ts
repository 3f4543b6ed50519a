import autocannon from 'autocannon';

export interface Load {
  readonly url: string;
  readonly accessToken: string;
  readonly connections: number;
  readonly seconds: number;
}

let counter = 0;

/** What a load of invitations sends: each invites somebody new. */
export function invitations(accessToken: string) {
  return {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    setupRequest: (request: autocannon.Request): autocannon.Request => ({
      ...request,
      body: JSON.stringify({ email: `person${process.pid}-${counter++}@example.com`, role: 'developer' }),
    }),
  } as const;
}

/** Invites a new person with every request. @returns invitations a second; throws when any was refused */
export async function inviteAsFastAsPossible({ url, accessToken, connections, seconds }: Load): Promise<number> {
  const { setupRequest, ...request } = invitations(accessToken);
  const result = await autocannon({ url, connections, duration: seconds, ...request, requests: [{ setupRequest }] });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  }
  return result['2xx'] / result.duration;
}
