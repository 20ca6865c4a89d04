// The HTTP API: requests, events and errors. Knows neither the page nor its state.

/** The service has refused the request, or the generation has failed. */
export class Refusal extends Error {
  constructor(error, status, retryAfter) {
    super(error.message);
    this.type = error.type;
    this.code = error.code;
    this.param = error.param;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** The connection ended before the generation did. */
export class ConnectionLost extends Error {}

/** A stream sends something every 15 s, if only a comment. After this time without any, the connection is lost. */
const SILENCE_MILLIS = 45000;
/** For how long lines are read without a break. A busy machine makes a task several times as long. */
const BUSY_MILLIS = 5;

function url(path) {
  return new URL(path, document.baseURI);
}

async function call(method, path, key, options = {}) {
  try {
    return await fetch(url(path), {
      ...options,
      method,
      cache: 'no-store',
      credentials: 'omit',
      headers: { Authorization: `Bearer ${key}`, ...options.headers },
    });
  } catch (e) {
    throw e.name === 'AbortError' ? e : new ConnectionLost('The service cannot be reached.');
  }
}

/** A refusal is JSON, or one event with the same JSON. */
async function refusal(response) {
  const body = await response.text().catch(() => '');
  const start = body.indexOf('{');
  const retryAfter = Number(response.headers.get('Retry-After')) || 0;
  try {
    return new Refusal(JSON.parse(body.slice(start)).error, response.status, retryAfter);
  } catch {
    const message = `The answer has status ${response.status} and no message of this service.`;
    return new Refusal({ type: 'unknown', message }, response.status, retryAfter);
  }
}

async function json(path, key) {
  const response = await call('GET', path, key);
  if (!response.ok) {
    throw await refusal(response);
  }
  return response.json();
}

/** The models that the key may use. */
export async function models(key) {
  return (await json('v1/models', key)).models;
}

/** What the key has left. */
export function usage(key) {
  return json('v1/usage', key);
}

/** Cancels a generation. Its stream then ends with `finishReason: cancelled`. */
export async function cancel(key, id) {
  await call('DELETE', `v1/generate/${encodeURIComponent(id)}`, key);
}

/**
 * Starts a generation, or attaches to it if the idempotency key is known. Yields events as `{cursor, data}` until the
 * finishing one.
 *
 * @param request key, body, idempotencyKey, cursor, signal, and onHead(id) and onLine(line)
 */
export async function* stream(request) {
  const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream' };
  headers['Idempotency-Key'] = request.idempotencyKey;
  if (request.cursor) {
    headers['Last-Event-ID'] = request.cursor;
  }
  const response = await call('POST', 'v1/generate/stream', request.key,
    { headers, body: JSON.stringify(request.body), signal: request.signal });
  if (!response.ok) {
    throw await refusal(response);
  }
  request.onHead(response.headers.get('X-Generation-Id'));
  yield* events(response.body, request);
}

async function* events(body, request) {
  let cursor = '';
  for await (const line of bodyLines(body)) {
    if (line !== '') {
      request.onLine(line);
    }
    if (line.startsWith('id:')) {
      cursor = line.slice(3).trim();
    } else if (line === 'data: [DONE]') {
      return;
    } else if (line.startsWith('data:')) {
      const data = JSON.parse(line.slice(5));
      if (data.error) {
        throw new Refusal(data.error, 200, 0);
      }
      yield { cursor, data };
    }
  }
  throw new ConnectionLost('The connection ended before the answer did.');
}

async function* bodyLines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let busySince = performance.now();
  try {
    while (true) {
      // A read that took long did not always wait: other processes may have used the processor in the same task.
      const { done, value } = await read(reader);
      if (done) {
        return;
      }
      const parts = (rest + value).split('\n');
      rest = parts.pop();
      for (const line of parts) {
        yield line;
        if (performance.now() - busySince > BUSY_MILLIS) {
          await otherTasks();
          busySince = performance.now();
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Lets the page paint and react to its user. A timer would wait for a second in a hidden tab. */
function otherTasks() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

async function read(reader) {
  let timer;
  const silence = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new ConnectionLost('The connection is silent.')), SILENCE_MILLIS);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (e) {
    throw e.name === 'AbortError' ? e : new ConnectionLost('The connection broke.');
  } finally {
    clearTimeout(timer);
  }
}
