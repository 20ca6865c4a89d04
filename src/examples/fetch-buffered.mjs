// Streams texts with fetch and prints them as they arrive. Ctrl-C cancels. Only whole lines are read, however the
// network joins or splits the chunks, also inside of a character.
//
// usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] node fetch-buffered.mjs PROMPT…

import { setTimeout as sleep } from 'node:timers/promises';

// Waits and tries again if the service asks for that: 429 or 503 with Retry-After.
async function post(prompt, signal) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${process.env.RUNNEL_URL}/v1/generate/stream`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${process.env.RUNNEL_KEY}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ model: process.env.RUNNEL_MODEL, prompt, maxTokens: 500 }),
      signal,
    });
    if (response.ok) return response;
    const refusal = await response.text();
    const seconds = Number(response.headers.get('Retry-After'));
    if (!seconds || attempt === 5) throw new Error(`HTTP ${response.status}: ${refusal}`);
    await sleep(1000 * seconds, undefined, { signal });
  }
}

async function* events(response) {
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line === 'data: [DONE]') return;
      if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length));
    }
  }
  throw new Error('the stream was cut');
}

// Returns why the text ended, such as "stop" or "length".
async function generate(prompt, onDelta, signal) {
  let finishReason;
  for await (const event of events(await post(prompt, signal))) {
    if (event.error) throw new Error(`${event.error.type}: ${event.error.message}`);
    onDelta(event.delta);
    finishReason = event.finishReason;
  }
  return finishReason;
}

const controller = new AbortController();
process.once('SIGINT', () => controller.abort()); // closes the connection, which cancels the generation
try {
  for (const prompt of process.argv.slice(2)) {
    const finishReason = await generate(prompt, (delta) => process.stdout.write(delta), controller.signal);
    process.stdout.write('\n');
    console.error(`finishReason: ${finishReason}`);
  }
} catch (error) {
  console.error(controller.signal.aborted ? 'cancelled' : error.message);
  process.exitCode = 1;
}
