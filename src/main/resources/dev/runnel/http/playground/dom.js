// Small functions for the document. None of them accepts HTML.

/** The element of the page with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/** A new element with properties, and with children that are nodes or strings. A string becomes text. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [property, value] of Object.entries(properties)) {
    if (property === 'role' || property.startsWith('aria-') || property === 'for') {
      made.setAttribute(property, value);
    } else {
      made[property] = value;
    }
  }
  made.append(...children);
  return made;
}

/** A button with a text. The label, if it differs from the text, is for screen readers. */
export function button(text, action, label = text) {
  const made = element('button', { type: 'button', onclick: action }, text);
  if (label !== text) {
    made.setAttribute('aria-label', label);
  }
  return made;
}

/** Copies a text and shows on the button for 2 s that it did. */
export async function copy(text, from) {
  const before = from.textContent;
  try {
    await navigator.clipboard.writeText(text);
    from.textContent = 'Copied';
  } catch {
    // The browser permits the clipboard on https and on this machine only.
    from.textContent = 'Not permitted';
  }
  setTimeout(() => { from.textContent = before; }, 2000);
}

/**
 * Calls a painter at most every 50 ms, and less often where painting is slow, so that at most a fifth of the time is
 * spent on it.
 */
export class Painter {
  static MILLIS = 50;

  /** @param paint returns true if there is more to paint */
  constructor(paint) {
    this.paint = paint;
    this.timer = 0;
    this.next = 0;
  }

  /** Something has changed. */
  request() {
    if (this.timer === 0) {
      this.timer = setTimeout(() => this.now(), Math.max(0, this.next - performance.now()));
    }
  }

  /** Paints without waiting. */
  now() {
    clearTimeout(this.timer);
    this.timer = 0;
    const start = performance.now();
    const isMore = this.paint();
    this.next = start + Math.max(Painter.MILLIS, 5 * (performance.now() - start));
    if (isMore) {
      this.request();
    }
  }
}

/** Makes these the children. Those that are there stay: a browser lays out again what was removed and added. */
export function place(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.childNodes]) {
    if (!wanted.has(child)) {
      child.remove();
    }
  }
  children.forEach((child, index) => {
    if (parent.childNodes[index] !== child) {
      parent.insertBefore(child, parent.childNodes[index] ?? null);
    }
  });
}

/**
 * Keeps the end of the page in view while the page grows, unless its user has scrolled up. Whether the end is in view
 * is noted when the page is scrolled: a question while it is changed would cost one more layout.
 */
export class Follower {
  /** In pixels: nearer than this to the end is at the end. */
  static NEAR = 60;

  constructor() {
    this.isWaiting = false;
    this.isAtEnd = true;
    this.ownTop = Infinity;
    addEventListener('scroll', () => this.scrolled(), { passive: true });
  }

  /**
   * The page may have grown since it was scrolled to its end here. So a place below that one also counts as the end:
   * only its user scrolls up.
   */
  scrolled() {
    const isNear = innerHeight + scrollY > document.documentElement.scrollHeight - Follower.NEAR;
    this.isAtEnd = isNear || (this.isAtEnd && scrollY >= this.ownTop);
  }

  /** Scrolls to the end, wherever the page is now. */
  toEnd() {
    this.isAtEnd = true;
    this.ownTop = 0;
    this.follow();
  }

  /** The page is about to grow. Scrolls with the next frame, whose layout is then the only one. */
  follow() {
    if (this.isWaiting || !this.isAtEnd) {
      return;
    }
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      if (this.isAtEnd) {
        scrollTo(0, document.documentElement.scrollHeight);
        this.ownTop = scrollY;
      }
    });
  }
}
