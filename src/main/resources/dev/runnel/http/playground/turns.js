// The conversation on the page.

import { isRunning } from './answer.js';
import { button, copy, element, Follower, Painter, place } from './dom.js';
import { MarkdownView } from './markdown.js';
import { start, visible } from './text.js';

const ENDINGS = { stop: '', length: 'cut at the most tokens' };

const STATUS = {
  waiting: () => 'Waiting for the first token …',
  running: (answer) => facts(answer, [answer.text === '' ? 'Waiting for the first token …' : 'Answering …']),
  lost: () => 'Connection lost. Connecting again …',
  done: (answer) => facts(answer, [ENDINGS[answer.finishReason] ?? `ended: ${answer.finishReason}`]),
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

// The most characters that a paint adds. More text, as after a reload, is shown in several paints.
const PAINTED_CHARACTERS = 2000;

/** One answer. */
class AnswerView {
  /**
   * @param actions makes the buttons of a complete answer
   * @param follower called before the answer grows
   */
  constructor(answer, actions, follower) {
    this.answer = answer;
    this.actions = actions;
    this.follower = follower;
    this.heading = element('h3');
    this.text = element('div', { className: 'text', dir: 'auto' });
    this.markdown = new MarkdownView(this.text);
    this.painted = 0;
    this.problem = element('p', { className: 'problem', hidden: true });
    this.status = element('p', { className: 'status' });
    this.buttons = element('div', { className: 'actions' });
    this.node = element('div', { className: 'answer' }, this.heading,
      this.text, this.problem, this.status, this.buttons);
    this.shown = null;
    this.painter = new Painter(() => this.paint());
    this.changed();
  }

  /** Shows it soon, in a task of its own: events are read in the task that calls. */
  changed() {
    this.painter.request();
  }

  /** The turn or the column is another one. */
  moved(heading) {
    this.heading.textContent = heading;
    if (this.shown === this.answer.status) {
      this.showStatus();
    }
  }

  paint() {
    const { answer } = this;
    this.follower.follow();
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

/** One turn: a message and its answers. */
class TurnView {
  constructor(turn, actions) {
    this.heading = element('h2', { className: 'hidden-text' });
    this.user = element('div', { className: 'user' }, this.heading,
      element('p', { className: 'said', dir: 'auto' }, visible(turn.user)));
    this.edit = button('Edit', () => actions.edit(turn), 'Edit the last message');
    this.answers = element('div', { className: 'grid answers' });
    this.node = element('div', { className: 'turn' }, this.user, this.answers);
  }

  show(number, isLast, answers) {
    this.heading.textContent = `Message ${number}`;
    if (isLast) {
      this.user.append(this.edit);
    } else {
      this.edit.remove();
    }
    place(this.answers, answers);
  }
}

/** All turns. */
export class TurnsView {
  /** @param actions `{regenerate(turn, column), edit(turn), code(turn, column)}` */
  constructor(parent, actions) {
    this.parent = parent;
    this.actions = actions;
    this.turns = new Map();
    this.answers = new Map();
    this.follower = new Follower();
  }

  /** Shows the turns after one was added, replaced or removed. What stays is left as it is. */
  show(state) {
    this.turns = new Map(state.turns.map((turn) => [turn, this.turns.get(turn) ?? new TurnView(turn, this.actions)]));
    this.answers = new Map(state.turns.flatMap((turn) => turn.answers.map(
      (answer) => [answer, this.answers.get(answer) ?? this.newAnswer(state, turn, answer)])));
    state.turns.forEach((turn, index) => this.showTurn(state, turn, index));
    place(this.parent, Array.from(this.turns.values(), (view) => view.node));
    this.follower.toEnd();
  }

  newAnswer(state, turn, answer) {
    return new AnswerView(answer, () => this.buttons(state, turn, answer), this.follower);
  }

  /** An answer has changed. */
  changed(answer) {
    this.answers.get(answer)?.changed();
  }

  showTurn(state, turn, index) {
    const many = turn.answers.length > 1;
    const nodes = turn.answers.map((answer, column) => {
      const view = this.answers.get(answer);
      view.moved(label(answer, many ? `${column + 1}` : ''));
      return view.node;
    });
    this.turns.get(turn).show(index + 1, turn === state.lastTurn(), nodes);
  }

  buttons(state, turn, answer) {
    const column = () => turn.answers.indexOf(answer);
    const code = button('Code', () => this.actions.code(turn, column()), 'Show this request as code');
    return turn === state.lastTurn()
      ? [button('Regenerate', () => this.actions.regenerate(turn, column()), 'Regenerate the answer'), code]
      : [code];
  }
}

function label(answer, number) {
  return ['Answer', number, answer.settings.model && `of ${answer.settings.model}`].filter(Boolean).join(' ');
}
