/**
 * Decides whether a key may start one more generation, and settles what it used. It knows a key by its id and by what it may
 * use; who holds it and what it generates is nothing to it.
 */
@NullMarked
package dev.runnel.limit;

import org.jspecify.annotations.NullMarked;
