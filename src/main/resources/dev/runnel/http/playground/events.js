// The panel with the lines of the event streams.

import { byId, element, Painter } from './dom.js';
import { visible } from './text.js';

const MOST_LINES = 500;
const LONGEST_LINE = 2000;

// The most lines that a paint adds.
const PAINTED_LINES = 100;

/** Keeps the last lines, and shows them while the panel is open. */
export class EventsPanel {
  constructor() {
    this.lines = [];
    this.unpainted = 0;
    this.painter = new Painter(() => this.paint());
    const toggle = byId('show-events');
    toggle.onclick = () => {
      const panel = byId('events');
      panel.hidden = !panel.hidden;
      document.body.classList.toggle('with-events', !panel.hidden);
      toggle.setAttribute('aria-expanded', String(!panel.hidden));
      this.painter.now();
      // Where there is no room beside the conversation, the panel is below it.
      panel.scrollIntoView({ block: 'nearest' });
    };
  }

  /** @param source the column, if there are several */
  add(source, line) {
    this.lines.push(source + line.slice(0, LONGEST_LINE));
    if (this.lines.length > MOST_LINES + PAINTED_LINES) {
      this.lines.splice(0, PAINTED_LINES);
    }
    this.unpainted = Math.min(this.unpainted + 1, MOST_LINES);
    if (!byId('events').hidden) {
      this.painter.request();
    }
  }

  /** Adds new lines, because a browser lays out a text that is replaced as a whole. Returns whether there are more. */
  paint() {
    const view = byId('lines');
    if (byId('events').hidden || this.unpainted === 0) {
      return false;
    }
    const from = this.lines.length - this.unpainted;
    const added = this.lines.slice(from, from + PAINTED_LINES);
    view.append(...added.map((line) => element('div', {}, visible(line))));
    while (view.childElementCount > MOST_LINES) {
      view.firstChild.remove();
    }
    this.unpainted -= added.length;
    requestAnimationFrame(() => view.scrollTo(0, view.scrollHeight));
    return this.unpainted > 0;
  }
}
