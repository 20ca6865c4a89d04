/** Wires the rooms, starts and stops them, and offers the command line. The only package that knows all others. */
@NullMarked
package dev.runnel;

import org.jspecify.annotations.NullMarked;
