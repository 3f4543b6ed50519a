import t from 'tap';
import { messageId } from '../../src/mail/message-id.js';

t.test('follows from what the mail is about, and from nothing else', async (t) => {
  t.equal(messageId(['invitation', 'i1', 2], 'example.com'), messageId(['invitation', 'i1', 2], 'example.com'));
  const ids = [
    messageId(['invitation', 'i1', 2], 'example.com'),
    messageId(['invitation', 'i1', 3], 'example.com'),
    messageId(['invitation', 'i12'], 'example.com'),
    messageId(['invitation', 'i1', '2'], 'example.com'),
    messageId(['invitation\ni1', 2], 'example.com'),
    messageId(['invitation', 'i1', 2], 'example.org'),
  ];
  t.equal(new Set(ids).size, ids.length);
});

t.test('is a msg-id of RFC 5322, with the domain in ASCII', async (t) => {
  for (let index = 0; index < 100; index++) {
    t.match(messageId(['sign-in', index], 'example.com'), /^<[\w-]{32}@example\.com>$/);
  }
  t.match(messageId(['sign-in', 1], 'bücher.example'), /@xn--bcher-kva\.example>$/);
});
