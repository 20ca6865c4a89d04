// The panel with the lines of the event streams.

import { byId, Painter } from './dom.js';
import { visible } from './text.js';

const MOST_LINES = 500;
const LONGEST_LINE = 2000;

/** Keeps the last lines, and shows them while the panel is open. */
export class EventsPanel {
  constructor() {
    this.lines = [];
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
    if (this.lines.length > MOST_LINES) {
      this.lines.splice(0, this.lines.length - MOST_LINES);
    }
    if (!byId('events').hidden) {
      this.painter.request();
    }
  }

  paint() {
    const view = byId('lines');
    if (!byId('events').hidden) {
      view.textContent = this.lines.join('\n');
      view.scrollTop = view.scrollHeight;
    }
  }
}
