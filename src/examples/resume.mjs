// Prints the text of one generation, also if connections break on the way.
//
// usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] node resume.mjs PROMPT

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const url = `${process.env.RUNNEL_URL}/v1/generate/stream`;
const authorization = `Bearer ${process.env.RUNNEL_KEY}`;
const headers = { authorization, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() };
const body = JSON.stringify({ model: process.env.RUNNEL_MODEL, prompt: process.argv[2], maxTokens: 1000 });

// Requests the text after a cursor. Yields the events up to [DONE], each with the cursor after it.
async function* events(cursor) {
  const resume = cursor ? { 'Last-Event-ID': cursor } : {};
  const response = await fetch(url, { method: 'POST', headers: { ...headers, ...resume }, body });
  const retryAfter = response.headers.get('Retry-After');
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line === 'data: [DONE]') return;
      if (line.startsWith('id: ')) cursor = line.slice('id: '.length);
      if (line.startsWith('data: ')) yield [JSON.parse(line.slice('data: '.length)), cursor, retryAfter];
    }
  }
  throw new TypeError('the stream ended without [DONE]'); // as fetch does if a connection breaks
}

let [text, cursor] = ['', ''];
for (let attempt = 1; ; attempt++) {
  try {
    for await (const [{ delta, error }, next, retryAfter] of events(cursor)) {
      if (!error) [text, cursor] = [text + delta, next];
      else if (error.code === 'diverged') [text, cursor] = ['', '']; // the text is not kept any more: start again
      else if (retryAfter) await sleep(1000 * retryAfter);
      else throw new Error(`${error.type}: ${error.message}`);
    }
    break;
  } catch (broken) {
    if (attempt === 20 || !(broken instanceof TypeError)) throw broken;
    await sleep(Math.min(50 * 2 ** attempt, 2000)); // then the same request goes on after the cursor
  }
}
process.stdout.write(`${text.length}\n${text}\n`);
