/**
 * The command line: reads arguments and the configuration, runs one command and shows its result. It must not know how
 * a request is answered.
 *
 * <p>Entry point: {@link dev.runnel.cli.Main}.
 */
@NullMarked
package dev.runnel.cli;

import org.jspecify.annotations.NullMarked;
