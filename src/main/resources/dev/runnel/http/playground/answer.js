// One answer: a resumable generation from its request to its end, over as many connections as it needs. The answer is
// plain data, so that it can be stored; a reload of the page continues it.

import * as wire from './wire.js';

const PAUSES_MILLIS = [300, 1000, 2000, 3000, 5000];

// The service keeps a generation without readers for 30 s, unless it is configured otherwise.
const LOST_AFTER_MILLIS = 40000;

// In a shorter time no rate can be measured.
const SHORTEST_SECONDS = 0.1;

/** @param settings the column's, as they are now */
export function newAnswer(settings) {
  return { status: 'waiting', text: '', cursor: '', settings: { ...settings }, key: randomKey(), id: '', resumed: 0 };
}

/** `crypto.randomUUID` is missing where the page is not served by https or from this machine. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `playground-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

export function isRunning(answer) {
  return answer.status === 'waiting' || answer.status === 'running' || answer.status === 'lost';
}

/** Runs an answer. */
export class Run {
  /**
   * @param answer what to run; it changes as events arrive
   * @param body the request; the same one whenever the answer is continued
   * @param apiKey the API key
   * @param changed called after each change of the answer
   * @param line called with each line of the stream
   */
  constructor(answer, body, apiKey, changed, line) {
    this.answer = answer;
    this.body = body;
    this.apiKey = apiKey;
    this.changed = changed;
    this.line = line;
    this.aborter = new AbortController();
    this.stopped = false;
  }

  /** Completes when the answer has ended. A refusal is noted in the answer and thrown. */
  async toEnd() {
    this.startMillis = performance.now();
    let heard = performance.now();
    for (let lost = 0; ; lost++) {
      const before = this.answer.text.length;
      try {
        await this.connection();
        return;
      } catch (e) {
        if (this.answer.text.length > before) {
          heard = performance.now();
          lost = 0;
        }
        const again = e instanceof wire.ConnectionLost || e.code === 'in_progress';
        if (this.stopped) {
          this.set('stopped');
          return;
        }
        if (!again || performance.now() - heard > LOST_AFTER_MILLIS) {
          this.answer.error = { message: e.message, type: e.type, code: e.code, retryAfter: e.retryAfter };
          this.set('failed');
          throw e;
        }
        await this.pause(PAUSES_MILLIS[Math.min(lost, PAUSES_MILLIS.length - 1)]);
      }
    }
  }

  async pause(millis) {
    this.set('lost');
    await new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, millis);
      addEventListener('online', resolve, { once: true });
    });
  }

  async connection() {
    const { answer } = this;
    if (this.stopped) {
      throw new wire.ConnectionLost('stopped');
    }
    const events = wire.stream({
      key: this.apiKey,
      body: this.body,
      idempotencyKey: answer.key,
      cursor: answer.cursor,
      signal: this.aborter.signal,
      onHead: (id) => this.head(id),
      onLine: this.line,
    });
    for await (const { cursor, data } of events) {
      this.event(cursor, data);
    }
  }

  head(id) {
    const isSame = this.answer.id !== '';
    this.answer.id = id ?? '';
    if (isSame) {
      this.answer.resumed++;
    }
    this.set('running');
    if (this.stopped) {
      this.cancel();
    }
  }

  event(cursor, data) {
    const { answer } = this;
    const now = performance.now();
    if (data.delta !== '' && answer.text === '') {
      answer.firstTokenSeconds = (now - this.startMillis) / 1000;
      this.firstMillis = now;
    }
    answer.text += data.delta;
    answer.cursor = cursor;
    if (data.finishReason) {
      answer.finishReason = data.finishReason;
      answer.usage = data.usage;
      this.measure(now);
      this.set(data.finishReason === 'cancelled' ? 'stopped' : 'done');
    } else {
      this.changed();
    }
  }

  /** The rate after the first token. A short answer has none, nor one that a reload of the page has interrupted. */
  measure(now) {
    const seconds = (now - this.firstMillis) / 1000;
    const tokens = this.answer.usage?.completionTokens - 1;
    if (seconds > SHORTEST_SECONDS && tokens > 0) {
      this.answer.tokensPerSecond = tokens / seconds;
    }
  }

  /** Stops the generation. Before its id is known, the request is given up after 1 s. */
  stop() {
    this.stopped = true;
    this.wake?.();
    if (this.answer.id) {
      this.cancel();
    } else {
      setTimeout(() => this.answer.id || this.aborter.abort(), 1000);
    }
  }

  cancel() {
    // If the connection is lost, the generation ends by itself when its grace time is over.
    wire.cancel(this.apiKey, this.answer.id).catch(() => this.aborter.abort());
  }

  set(status) {
    this.answer.status = status;
    this.changed();
  }
}
