// Streams one text with fetch and prints it. The simplest loop: it treats every chunk as whole events. That works
// because Runnel sends each event as one chunk. Behind a proxy that joins or splits chunks use fetch-buffered.mjs.
//
// usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] node fetch-unbuffered.mjs PROMPT

const response = await fetch(`${process.env.RUNNEL_URL}/v1/generate/stream`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${process.env.RUNNEL_KEY}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ model: process.env.RUNNEL_MODEL, prompt: process.argv[2], maxTokens: 500 }),
});
if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);

const reader = response.body.getReader();
const decoder = new TextDecoder();
let text = '';
let complete = false;
while (!complete) {
  const { done, value } = await reader.read();
  if (done) break;
  for (const line of decoder.decode(value).split('\n').filter((l) => l.startsWith('data: '))) {
    if (line === 'data: [DONE]') {
      complete = true;
      break;
    }
    const event = JSON.parse(line.slice('data: '.length));
    if (event.error) throw new Error(`${event.error.type}: ${event.error.message}`);
    text += event.delta;
    if (text !== event.text) throw new Error('the text is not the sum of its deltas');
  }
}
if (!complete) throw new Error('the stream was cut');
process.stdout.write(text);
