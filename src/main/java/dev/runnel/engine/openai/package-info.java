/**
 * Any OpenAI-compatible server as an engine, event-driven on the calling event loop. It knows requests to upstream
 * servers and their streams. It must not know the bus, callers, limits, or the channels of Netty.
 *
 * <p>Reading order: {@link dev.runnel.engine.openai.OpenAiEngine}, {@link dev.runnel.engine.openai.RelayedGeneration}
 * (one generation), {@link dev.runnel.engine.openai.UpstreamRequest} (one request), with its {@link
 * dev.runnel.engine.openai.UpstreamState}, then the path of the bytes: {@link dev.runnel.engine.openai.SseReader},
 * {@link dev.runnel.engine.openai.DeltaReader}, {@link dev.runnel.engine.openai.ChatEventParser}.
 *
 * <p>Other rooms use {@link dev.runnel.engine.openai.OpenAiProvider} by its service only.
 */
@NullMarked
package dev.runnel.engine.openai;

import org.jspecify.annotations.NullMarked;
