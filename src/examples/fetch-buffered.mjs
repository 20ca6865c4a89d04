// Streams generations with fetch and prints their texts, each after its length in UTF-16 units. Only whole lines are
// read, however the network joins or splits the chunks.
//
// usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… node fetch-buffered.mjs PROMPT [TIMES]

async function* events(response) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line === 'data: [DONE]') return;
      if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length));
    }
  }
  throw new Error('the stream was cut');
}

async function generate(prompt) {
  const response = await fetch(`${process.env.RUNNEL_URL}/v1/generate/stream`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${process.env.RUNNEL_KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ prompt, maxTokens: 100 }),
  });
  let text = '';
  for await (const event of events(response)) {
    if (event.error) throw new Error(`${event.error.type}: ${event.error.message}`);
    text += event.delta;
  }
  return text;
}

for (let i = 0; i < Number(process.argv[3] ?? 1); i++) {
  const text = await generate(process.argv[2]);
  process.stdout.write(`${text.length}\n${text}\n`);
}
