/** Attacks on a packaged service, and what other clients notice of them. */
@NullMarked
package dev.runnel.bench.attack;

import org.jspecify.annotations.NullMarked;
