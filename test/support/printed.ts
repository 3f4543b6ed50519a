import type { Readable } from 'node:stream';

/** Keeps what a process prints. @returns what it has printed so far */
export function printed(stream: Readable): () => string {
  let all = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    all += text;
  });
  return () => all;
}
