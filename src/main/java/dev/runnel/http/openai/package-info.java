/**
 * The bodies of the OpenAI-compatible routes: reads requests, and makes answers and the events of streams. It must not
 * know how a generation is submitted, or what its caller has left of its limits.
 *
 * <p>The room {@code http} uses {@link dev.runnel.http.openai.OpenAiParser},
 * {@link dev.runnel.http.openai.AnswerShape}, {@link dev.runnel.http.openai.AnswerHead},
 * {@link dev.runnel.http.openai.ChunkFormat}, {@link dev.runnel.http.openai.WholeAnswer} and
 * {@link dev.runnel.http.openai.OpenAiFailure}. The room {@code http.responses} also uses {@link
 * dev.runnel.http.openai.OpenAiBody}, {@link dev.runnel.http.openai.MemberReader}, {@link
 * dev.runnel.http.openai.OptionsText} and {@link dev.runnel.http.openai.PassedMembers}.
 */
@NullMarked
package dev.runnel.http.openai;

import org.jspecify.annotations.NullMarked;
