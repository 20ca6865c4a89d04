/**
 * A person's terminal: input with an editor, output without the control sequences of others, signals, and the
 * conversation. It must not know where text comes from.
 *
 * <p>Other rooms use {@link dev.runnel.cli.terminal.Chat}, {@link dev.runnel.cli.terminal.Conversation},
 * {@link dev.runnel.cli.terminal.Lines}, {@link dev.runnel.cli.terminal.StandardInput},
 * {@link dev.runnel.cli.terminal.Screen},
 * {@link dev.runnel.cli.terminal.SafeText}, {@link dev.runnel.cli.terminal.Tty} and
 * {@link dev.runnel.cli.terminal.Interrupts}.
 */
@NullMarked
package dev.runnel.cli.terminal;

import org.jspecify.annotations.NullMarked;
