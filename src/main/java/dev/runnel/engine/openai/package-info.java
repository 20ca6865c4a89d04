/**
 * Any OpenAI-compatible server as an engine, event-driven on the calling event loop. It knows of requests to upstream
 * servers and of their streams; not of the bus, of callers or of limits.
 *
 * <p>Reading order: {@link dev.runnel.engine.openai.OpenAiEngine}, {@link dev.runnel.engine.openai.RelayedGeneration} (one
 * generation), {@link dev.runnel.engine.openai.UpstreamRequest} (one request), then the way of the bytes:
 * {@link dev.runnel.engine.openai.SseReader}, {@link dev.runnel.engine.openai.DeltaReader},
 * {@link dev.runnel.engine.openai.ChatEventParser}.
 */
@NullMarked
package dev.runnel.engine.openai;

import org.jspecify.annotations.NullMarked;
