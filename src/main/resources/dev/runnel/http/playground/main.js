// Connects the parts of the playground.

import { Run } from './answer.js';
import { columnForm, showModels } from './column.js';
import { byId, copy, element } from './dom.js';
import { EventsPanel } from './events.js';
import * as key from './key.js';
import { LANGUAGES } from './snippets.js';
import { MOST_COLUMNS, State } from './state.js';
import { TurnsView } from './turns.js';
import * as wire from './wire.js';

const state = new State();
const events = new EventsPanel();
const runs = new Map();
const turns = new TurnsView(byId('turns'), { regenerate, edit, code });
let models = [];
let editing = null;

function announce(text) {
  byId('announcement').textContent = text;
}

function showColumns() {
  byId('columns').replaceChildren(...state.columns.map((settings, index) => columnForm(settings, models, {
    number: index + 1,
    count: state.columns.length,
    changed: (name, value) => {
      settings[name] = value;
      state.save();
    },
    remove: () => {
      stop();
      state.removeColumn(index);
      showAll();
      byId('compare').focus();
    },
  })));
  document.body.style.setProperty('--columns', state.columns.length);
  byId('compare').disabled = state.columns.length >= MOST_COLUMNS;
}

function showButtons() {
  const isRunning = runs.size > 0;
  if (isRunning && document.activeElement === byId('send')) {
    byId('message').focus();
  }
  byId('send').hidden = isRunning;
  byId('stop').hidden = !isRunning;
  byId('editing').hidden = editing === null;
}

function showAll() {
  showColumns();
  turns.show(state);
  showButtons();
}

/** Asks for the models and for what the key has left. */
async function loadKey() {
  try {
    models = await wire.models(key.current());
    document.querySelectorAll('select.model').forEach((choice, index) => {
      showModels(choice, state.columns[index], models);
    });
    await showLeft();
  } catch (e) {
    await keyProblem(e);
  }
}

async function keyProblem(e) {
  if (e.type === 'authentication_error') {
    if (await key.ask(`The service refuses the key: ${e.message}`)) {
      await loadKey();
    }
  } else {
    byId('left').textContent = e.message;
  }
}

async function showLeft() {
  const { plan, requests, tokens, generations } = await wire.usage(key.current());
  const left = (name, window) => window && `${window.remaining} of ${window.limit} ${name}`;
  const parts = [left('requests', requests), left('tokens', tokens),
    generations && `${generations.running} of ${generations.limit} generations run`].filter(Boolean);
  byId('left').textContent = `Plan ${plan}: ${parts.length > 0 ? `${parts.join(', ')} left` : 'no limits'}`;
}

/** Whether there is a key. Without one, asks for it. */
async function haveKey() {
  if (key.current() !== '') {
    return true;
  }
  const isEntered = await key.ask();
  if (isEntered) {
    loadKey();
  }
  return isEntered;
}

async function send() {
  const message = byId('message');
  const text = message.value;
  if (text.trim() === '' || runs.size > 0 || !(await haveKey())) {
    return;
  }
  if (editing !== null) {
    state.turns.pop();
    editing = null;
  }
  message.value = '';
  state.addTurn(text);
  showAll();
  start(state.lastTurn());
}

/** Starts the answers of a turn, or continues those that a reload has interrupted. */
async function start(turn, columns = turn.answers.keys()) {
  await Promise.all(Array.from(columns, (column) => run(turn, column)));
  showLeft().catch(() => {});
}

async function run(turn, column) {
  const answer = turn.answers[column];
  const source = state.columns.length > 1 ? `${column + 1}  ` : '';
  const current = new Run(answer, state.body(turn, column), key.current(), () => {
    turns.changed(answer);
    state.save();
  }, (line) => events.add(source, line));
  runs.set(answer, current);
  showButtons();
  announce('The answer has started.');
  try {
    await current.toEnd();
    announce(answer.status === 'done' ? 'The answer is complete.' : 'The answer is stopped.');
  } catch (e) {
    announce(`The answer has failed: ${e.message}`);
    if (e.type === 'authentication_error') {
      keyProblem(e);
    }
  } finally {
    runs.delete(answer);
    state.saveNow();
    showButtons();
  }
}

function stop() {
  runs.forEach((current) => current.stop());
}

async function regenerate(turn, column) {
  if (runs.size === 0 && await haveKey()) {
    state.replaceAnswer(turn, column);
    showAll();
    byId('message').focus();
    start(turn, [column]);
  }
}

function edit(turn) {
  if (runs.size === 0) {
    editing = turn;
    byId('message').value = turn.user;
    showButtons();
    byId('message').focus();
  }
}

function keep() {
  editing = null;
  byId('message').value = '';
  showButtons();
  byId('message').focus();
}

function code(turn, column) {
  const choice = byId('language');
  const url = new URL('.', document.baseURI).href.replace(/\/$/, '');
  const defaultModel = models.find((model) => model.default)?.name;
  const show = () => {
    const { program } = LANGUAGES[choice.selectedIndex];
    byId('code').textContent = program(url, state.body(turn, column), defaultModel ?? 'MODEL');
  };
  choice.onchange = show;
  show();
  byId('code-dialog').showModal();
}

function newConversation() {
  stop();
  state.clear();
  keep();
  showAll();
}

function compare() {
  state.addColumn();
  showAll();
}

function connectControls() {
  byId('language').append(...LANGUAGES.map(({ name }) => element('option', {}, name)));
  byId('code-copy').onclick = () => copy(byId('code').textContent, byId('code-copy'));
  byId('code-close').onclick = () => byId('code-dialog').close();
  byId('new').onclick = newConversation;
  byId('compare').onclick = compare;
  byId('stop').onclick = stop;
  byId('keep').onclick = keep;
  byId('change-key').onclick = async () => await key.ask() && loadKey();
  byId('composer').onsubmit = (submit) => {
    submit.preventDefault();
    send();
  };
  byId('message').onkeydown = (press) => {
    // While an input method is composing a character, Enter belongs to it.
    if (press.key === 'Enter' && !press.shiftKey && !press.isComposing) {
      press.preventDefault();
      send();
    }
  };
  onkeydown = (press) => {
    if (press.key === 'Escape' && !document.querySelector('dialog[open]')) {
      stop();
    }
  };
  onpagehide = () => state.saveNow();
  onhashchange = () => key.acceptFromAddress() && loadKey();
}

async function open() {
  key.acceptFromAddress();
  connectControls();
  showAll();
  byId('message').focus();
  if (key.current() === '' && !(await haveKey())) {
    return;
  }
  loadKey();
  const running = state.running();
  for (const turn of state.turns) {
    const columns = Array.from(turn.answers.keys()).filter((column) => running.includes(turn.answers[column]));
    if (columns.length > 0) {
      start(turn, columns);
    }
  }
}

open();
