/**
 * How a line of the log looks, and that a failure that repeats is told once. It knows nothing of what is logged: the other
 * rooms speak SLF4J, and this is the only one that knows Logback.
 */
@NullMarked
package dev.runnel.log;

import org.jspecify.annotations.NullMarked;
