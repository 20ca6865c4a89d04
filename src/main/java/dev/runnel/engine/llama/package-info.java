/**
 * Runs llama.cpp in this process, with GGUF files that {@link dev.runnel.model.ModelStore} finds or fetches. It must
 * know neither the bus nor HTTP.
 *
 * <p>The only public type is {@link dev.runnel.engine.llama.LlamaProvider}, which {@link java.util.ServiceLoader}
 * finds. The classes, from the outside in:
 *
 * <ul>
 *   <li>{@code LlamaEngine} is what the generator calls. {@code LlamaSettings} are its settings, {@code ContextPromise}
 *       returns results to the caller's context.
 *   <li>{@code OpenModels} counts the open models and holds their {@code SharedThreads}: {@code EngineThread} and
 *       {@code Tokenizer}. {@code OwningThread} asserts that an object is used on its thread only.
 *   <li>On the tokenizer's thread {@code PromptReader}, {@code ChatTemplate} and {@code Vocabulary} make a
 *       {@code TokenizedPrompt}.
 *   <li>On the engine thread {@code BatchLoop} runs a model's steps. {@code StepPlanner} chooses the tokens of a {@code
 *       StepBatch}. {@code TextCache} assigns cells to each {@code CachedText}. {@code SinkBatch} sends the results.
 *   <li>{@code Sequence} is one generation, with its {@code Sampler}, {@code Utf8Assembler} and {@code StopMatcher},
 *       which pass bytes on in a {@code ByteQueue}.
 *   <li>{@code ThoughtReader} decides whether an answer may have a thought. A {@code ThoughtForm} says how it is
 *       written: {@code ThoughtStart} between {@code ThoughtMarks}, {@code ChannelStart} with {@code ChannelMark}s.
 *       Each has an {@code AnswerSplitter} for a {@code Sequence}: {@code ThoughtSplitter} or {@code ChannelSplitter}.
 *       {@code PlainText} tokenizes what callers write.
 *   <li>{@code GrammarSampler} samples only tokens that the format allows. It chooses among {@code Candidates}, a
 *       {@code TokenArray}, asks a {@code TokenProbe} about one token, and keeps the {@code Utf8State} of the text.
 *   <li>{@code LlamaModel} and {@code LlamaContext} own the native objects. {@code NativeLlama} loads a {@code
 *       LlamaLibrary} with a {@code NativeLog}: for a {@code Platform}, from a {@code NativeFile} or a {@code
 *       NativeFolder}.
 *   <li>{@code Natives} chooses the library of a model. {@code NativeSources} finds or fetches its files, such as those
 *       of a {@code NativePackage}. A {@code LinkerFault} says why it does not load.
 *   <li>{@code Llama} is the interface to llama.cpp, with the names of {@code llama.h}. What differs between its
 *       versions is in {@code LlamaB4916} and in {@code LlamaV040}, and in the {@code NativeContext} of each. {@code
 *       LlamaV040} has {@code ParamsV040} for structures, the functions of {@code Ggml}, a {@code ThreadPool}, a {@code
 *       ThreadChoice} and a {@code CellCount}. A {@code DeviceChoice} names each {@code Device} that a model runs on.
 * </ul>
 */
@NullMarked
package dev.runnel.engine.llama;

import org.jspecify.annotations.NullMarked;
