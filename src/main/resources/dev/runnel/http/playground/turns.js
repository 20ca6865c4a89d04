// The conversation on the page.

import { isRunning } from './answer.js';
import { button, copy, element, Painter } from './dom.js';
import { MarkdownView } from './markdown.js';
import { start, visible } from './text.js';

const STATUS = {
  waiting: () => 'Waiting for the first token …',
  running: (answer) => facts(answer, [answer.text === '' ? 'Waiting for the first token …' : 'Answering …']),
  lost: () => 'Connection lost. Connecting again …',
  done: (answer) => facts(answer, answer.finishReason === 'stop' ? [] : [`ended: ${answer.finishReason}`]),
  stopped: (answer) => facts(answer, ['stopped']),
  failed: (answer) => facts(answer, []),
};

function facts(answer, ending) {
  const { usage } = answer;
  const about = usage?.estimated ? 'about ' : '';
  return [
    answer.firstTokenSeconds && `first token ${answer.firstTokenSeconds.toFixed(2)} s`,
    answer.tokensPerSecond && `${about}${answer.tokensPerSecond.toFixed(0)} tokens/s`,
    usage && `${about}${usage.promptTokens} + ${usage.completionTokens} tokens`,
    ...ending,
    answer.resumed > 0 && `connection resumed ${answer.resumed === 1 ? 'once' : `${answer.resumed} times`}`,
  ].filter(Boolean).join(' · ');
}

// A paint shows at most so many characters more. More text, as after a reload, is shown in several paints.
const PAINTED_CHARACTERS = 5000;

/** One answer. */
class AnswerView {
  constructor(answer, actions) {
    this.answer = answer;
    this.heading = element('h3');
    this.text = element('div', { className: 'text', dir: 'auto' });
    this.markdown = new MarkdownView(this.text);
    this.painted = 0;
    this.problem = element('p', { className: 'problem', hidden: true });
    this.status = element('p', { className: 'status' });
    this.buttons = element('div', { className: 'actions' });
    this.node = element('div', { className: 'answer' }, this.heading,
      this.text, this.problem, this.status, this.buttons);
    this.actions = actions;
    this.shown = null;
    this.painter = new Painter(() => this.paint());
    this.painter.now();
  }

  changed() {
    if (this.answer.status === this.shown) {
      this.painter.request();
    } else {
      this.painter.now();
    }
  }

  paint() {
    const { answer } = this;
    const follows = innerHeight + scrollY > document.documentElement.scrollHeight - 60;
    const painted = start(answer.text, this.painted + PAINTED_CHARACTERS);
    this.painted = painted.length;
    this.markdown.show(painted);
    const isMore = painted.length < answer.text.length;
    if (!isMore) {
      this.status.textContent = STATUS[answer.status](answer);
      if (answer.status !== this.shown) {
        this.showStatus();
      }
    }
    if (follows) {
      scrollTo(0, document.documentElement.scrollHeight);
    }
    return isMore;
  }

  showStatus() {
    const { answer } = this;
    this.shown = answer.status;
    this.node.dataset.status = answer.status;
    this.node.setAttribute('aria-busy', String(isRunning(answer)));
    this.problem.hidden = !answer.error || isRunning(answer);
    this.problem.textContent = visible(answer.error?.message ?? '');
    this.buttons.replaceChildren();
    if (!isRunning(answer)) {
      const copyButton = button('Copy', () => copy(answer.text, copyButton), 'Copy the answer');
      this.buttons.append(...this.actions(), copyButton);
    }
  }
}

/** All turns. */
export class TurnsView {
  /** @param actions `{regenerate(turn, column), edit(turn), code(turn, column)}` */
  constructor(parent, actions) {
    this.parent = parent;
    this.actions = actions;
    this.views = new Map();
  }

  /** Shows the turns anew, after one was added, replaced or removed. */
  show(state) {
    const before = this.views;
    this.views = new Map();
    this.parent.replaceChildren(...state.turns.map((turn, index) => this.turn(state, turn, index, before)));
    // The handlers of the new buttons keep this map, so it would keep all answers that were ever replaced.
    before.clear();
    scrollTo(0, document.documentElement.scrollHeight);
  }

  /** An answer has changed. */
  changed(answer) {
    this.views.get(answer)?.changed();
  }

  turn(state, turn, index, before) {
    const isLast = turn === state.lastTurn();
    const many = turn.answers.length > 1;
    const answers = turn.answers.map((answer, column) => {
      const view = before.get(answer) ?? new AnswerView(answer, () => this.buttons(state, turn, answer));
      view.heading.textContent = label(answer, many ? `${column + 1}` : '');
      view.shown = null;
      view.painter.now();
      this.views.set(answer, view);
      return view.node;
    });
    const user = element('div', { className: 'user' },
      element('h2', { className: 'hidden-text' }, `Message ${index + 1}`),
      element('p', { className: 'said', dir: 'auto' }, visible(turn.user)));
    if (isLast) {
      user.append(button('Edit', () => this.actions.edit(turn), 'Edit the last message'));
    }
    return element('div', { className: 'turn' },
      user, element('div', { className: 'grid answers' }, ...answers));
  }

  buttons(state, turn, answer) {
    const column = turn.answers.indexOf(answer);
    const code = button('Code', () => this.actions.code(turn, column), 'Show this request as code');
    return turn === state.lastTurn()
      ? [button('Regenerate', () => this.actions.regenerate(turn, column), 'Regenerate the answer'), code]
      : [code];
  }
}

function label(answer, number) {
  return ['Answer', number, answer.settings.model && `of ${answer.settings.model}`].filter(Boolean).join(' ');
}
