// A React component that streams a text: it shows the text as it arrives, an error, and a button that cancels.
//
// A user can read every key that a page has. Give each user a key of their own, or add the key on a server of yours.

import { useEffect, useRef, useState } from 'react';

// Returns why the text ended, such as "stop" or "length".
async function generate({ url, apiKey, body, signal, onDelta }) {
  const response = await fetch(`${url}/v1/generate/stream`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  // A refusal of the service is one event, with its message. What is no stream of events comes from a proxy.
  if (!response.ok && !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
    throw new Error(`HTTP ${response.status}`);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let finishReason;
  while (true) {
    const { done, value } = await reader.read();
    if (done) throw new Error('The stream was cut.');
    const lines = (rest + value).split('\n');
    rest = lines.pop(); // a line that is not complete yet
    for (const line of lines) {
      if (line === 'data: [DONE]') return finishReason;
      if (!line.startsWith('data: ')) continue;
      const event = JSON.parse(line.slice('data: '.length));
      if (event.error) throw new Error(event.error.message);
      onDelta(event.delta);
      finishReason = event.finishReason;
    }
  }
}

export function StreamingChat({ url, apiKey, model }) {
  const [prompt, setPrompt] = useState('Tell me a story');
  const [text, setText] = useState('');
  const [status, setStatus] = useState('');
  const [error, setError] = useState('');
  const [isStreaming, setIsStreaming] = useState(false);
  const controller = useRef(null);

  // When the component is removed its connection is closed. That cancels the generation.
  useEffect(() => () => controller.current?.abort(), []);

  const generateStream = async (event) => {
    event.preventDefault();
    controller.current = new AbortController();
    const { signal } = controller.current;
    setIsStreaming(true);
    setText('');
    setStatus('Generating...');
    setError('');
    try {
      const body = { model, prompt, maxTokens: 500 };
      const onDelta = (delta) => setText((before) => before + delta);
      const finishReason = await generate({ url, apiKey, body, signal, onDelta });
      setStatus(finishReason === 'length' ? 'The text is longer than 500 tokens.' : '');
    } catch (problem) {
      setStatus(signal.aborted ? 'Stopped' : '');
      setError(signal.aborted ? '' : problem.message);
    }
    setIsStreaming(false);
  };

  return (
    <form onSubmit={generateStream}>
      <label>
        Prompt <input value={prompt} onChange={(event) => setPrompt(event.target.value)} />
      </label>
      <button type="submit" disabled={isStreaming}>Generate</button>
      <button type="button" disabled={!isStreaming} onClick={() => controller.current.abort()}>Stop</button>
      <pre>{text}</pre>
      <div role="status">{status}</div>
      {error && <div role="alert">{error}</div>}
    </form>
  );
}
