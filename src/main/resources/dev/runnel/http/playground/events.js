// The panel with the lines of the event streams.

import { byId, element, Painter } from './dom.js';
import { visible } from './text.js';

const MOST_LINES = 500;
const LONGEST_LINE = 2000;

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
    };
  }

  /** @param source the column, if there are several */
  add(source, line) {
    this.lines.push(source + visible(line.slice(0, LONGEST_LINE)));
    this.unpainted++;
    if (this.lines.length > MOST_LINES) {
      this.lines.splice(0, this.lines.length - MOST_LINES);
    }
    if (!byId('events').hidden) {
      this.painter.request();
    }
  }

  /** Adds the new lines, because a browser lays out a text that is replaced as a whole. */
  paint() {
    const view = byId('lines');
    if (!byId('events').hidden && this.unpainted > 0) {
      view.append(...this.lines.slice(-this.unpainted).map((line) => element('div', {}, line)));
      while (view.childElementCount > MOST_LINES) {
        view.firstChild.remove();
      }
      view.scrollTop = view.scrollHeight;
      this.unpainted = 0;
    }
  }
}
