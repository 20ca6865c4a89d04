/**
 * Where the terminal commands get text from: a service over HTTP, or the rooms of a service in this process. It must
 * not know how text is shown.
 *
 * <p>Other rooms use {@link dev.runnel.cli.source.TextSource}, {@link dev.runnel.cli.source.BusSource},
 * {@link dev.runnel.cli.source.ServiceSource}, {@link dev.runnel.cli.source.Question},
 * {@link dev.runnel.cli.source.Answer}, {@link dev.runnel.cli.source.AnswerReader},
 * {@link dev.runnel.cli.source.StopSignal} and {@link dev.runnel.cli.source.SourceException}.
 */
@NullMarked
package dev.runnel.cli.source;

import org.jspecify.annotations.NullMarked;
