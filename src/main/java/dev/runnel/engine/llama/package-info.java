/**
 * llama.cpp in this process, from a GGUF file that it finds or fetches. It knows neither the bus nor HTTP.
 *
 * <p>Where things are, from the outside in: {@link dev.runnel.engine.llama.LlamaProvider} and {@code LlamaEngine} are what
 * the generator calls; {@code EngineRoom} has the two threads that all models share, {@code EngineThread} and
 * {@code Tokenizer}. On the first one {@code BatchLoop} makes a model's steps: {@code StepPlanner} chooses what a step
 * evaluates, {@code TextCache} knows whose cells are where, {@code Sequence} is one generation with its {@code Sampler},
 * {@code Utf8Assembler} and {@code StopMatcher}. {@code PromptReader}, {@code ChatTemplate} and {@code Vocabulary} make
 * tokens of a prompt. {@code LlamaModel} and {@code LlamaContext} own what is native, {@code NativeLlama} brings the library
 * in, and {@code Llama} has the names of {@code llama.h}. {@link dev.runnel.model.ModelStore} finds the files.
 */
@NullMarked
package dev.runnel.engine.llama;

import org.jspecify.annotations.NullMarked;
