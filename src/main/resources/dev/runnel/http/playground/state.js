// The conversation and its settings, kept in this browser. The API key is not part of it.

import { isRunning, newAnswer } from './answer.js';

const STORED = 'runnel.conversation';
const SAVE_MILLIS = 500;

export const MOST_COLUMNS = 4;

/** The parameters of a request, as fields of a form. An empty field leaves the choice to the service. */
export const PARAMETERS = [
  { name: 'maxTokens', label: 'Most tokens', min: 1, step: 1 },
  { name: 'temperature', label: 'Temperature', min: 0, max: 2, step: 'any' },
  { name: 'topP', label: 'Top-p', min: 0, max: 1, step: 'any' },
  { name: 'topK', label: 'Top-k', min: 0, max: 1000, step: 1 },
  { name: 'seed', label: 'Seed', min: 0, max: 4294967294, step: 1 },
  { name: 'presencePenalty', label: 'Presence penalty', min: -2, max: 2, step: 'any' },
  { name: 'frequencyPenalty', label: 'Frequency penalty', min: -2, max: 2, step: 'any' },
];

/** Columns are models with parameters, side by side. Each turn has one answer for each column. */
export class State {
  constructor() {
    const stored = read();
    this.columns = stored?.columns ?? [{}];
    this.turns = stored?.turns ?? [];
    this.timer = 0;
  }

  /** Stores the conversation soon. */
  save() {
    if (this.timer === 0) {
      this.timer = setTimeout(() => this.saveNow(), SAVE_MILLIS);
    }
  }

  saveNow() {
    clearTimeout(this.timer);
    this.timer = 0;
    try {
      localStorage.setItem(STORED, JSON.stringify({ columns: this.columns, turns: this.turns }));
    } catch {
      // The storage of a browser holds about 5 MB. A longer conversation works until the page is reloaded.
    }
  }

  clear() {
    this.turns = [];
    this.save();
  }

  lastTurn() {
    return this.turns.at(-1);
  }

  running() {
    return this.turns.flatMap((turn) => turn.answers).filter(isRunning);
  }

  addTurn(user) {
    this.turns.push({ user, answers: this.columns.map(newAnswer) });
    this.save();
  }

  replaceAnswer(turn, column) {
    turn.answers[column] = newAnswer(this.columns[column]);
    this.save();
  }

  addColumn() {
    this.columns.push({ ...this.columns.at(-1) });
    this.save();
  }

  removeColumn(column) {
    this.columns.splice(column, 1);
    this.turns.forEach((turn) => turn.answers.splice(column, 1));
    this.save();
  }

  /** The body of the request for an answer. */
  body(turn, column) {
    const { settings } = turn.answers[column];
    const messages = [];
    if (settings.system) {
      messages.push({ role: 'system', content: settings.system });
    }
    for (const earlier of this.turns.slice(0, this.turns.indexOf(turn))) {
      // A column that was added later continues the first column's conversation.
      const text = (earlier.answers[column] ?? earlier.answers[0])?.text;
      if (text) {
        messages.push({ role: 'user', content: earlier.user }, { role: 'assistant', content: text });
      }
    }
    messages.push({ role: 'user', content: turn.user });
    return { messages, ...parameters(settings), includeText: false };
  }
}

function parameters(settings) {
  const result = settings.model ? { model: settings.model } : {};
  for (const { name } of PARAMETERS) {
    if (settings[name]) {
      result[name] = Number(settings[name]);
    }
  }
  const stop = (settings.stop ?? '').split('\n').filter((line) => line !== '');
  return stop.length > 0 ? { ...result, stop } : result;
}

function read() {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED));
    return Array.isArray(stored?.columns) && stored.columns.length > 0 && Array.isArray(stored.turns) ? stored : null;
  } catch {
    return null;
  }
}
