// Streams one generation with fetch and prints its text, also if connections break on the way.
//
// usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… node resume.mjs PROMPT

import { randomUUID } from 'node:crypto';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function* lines(response) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk, { stream: true });
    const whole = rest.split('\n');
    rest = whole.pop();
    yield* whole;
  }
}

// Reads one stream to its end, which is true, or to the place where it breaks.
async function read(reader) {
  const headers = { ...reader.headers, ...(reader.cursor === '0' ? {} : { 'Last-Event-ID': reader.cursor }) };
  const response = await fetch(reader.url, { method: 'POST', headers, body: reader.body });
  let { cursor } = reader;
  for await (const line of lines(response)) {
    if (line === 'data: [DONE]') return true;
    if (line.startsWith('id: ')) cursor = line.slice('id: '.length);
    if (!line.startsWith('data: ')) continue;
    const event = JSON.parse(line.slice('data: '.length));
    if (event.error) return failed(reader, event.error, response.headers.get('Retry-After'));
    reader.text += event.delta;
    reader.cursor = cursor;
  }
  return false;
}

async function failed(reader, error, retryAfter) {
  if (error.code === 'diverged') Object.assign(reader, { text: '', cursor: '0' }); // not kept any more: start again
  else if (retryAfter) await sleep(1000 * Number(retryAfter));
  else throw new Error(`${error.type}: ${error.message}`, { cause: error });
  return false;
}

async function generate(prompt) {
  const reader = {
    url: `${process.env.RUNNEL_URL}/v1/generate/stream`,
    headers: {
      Authorization: `Bearer ${process.env.RUNNEL_KEY}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': randomUUID(),
    },
    body: JSON.stringify({ prompt, maxTokens: 1000 }),
    text: '',
    cursor: '0',
  };
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      if (await read(reader)) return reader.text;
    } catch (broken) {
      if (broken.cause?.type) throw broken; // an error of the service
    }
    await sleep(Math.min(50 * 2 ** attempt, 2000)); // then the same request goes on after the cursor
  }
  throw new Error('the stream was cut too often');
}

const text = await generate(process.argv[2]);
process.stdout.write(`${text.length}\n${text}\n`);
