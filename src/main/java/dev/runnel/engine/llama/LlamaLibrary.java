package dev.runnel.engine.llama;

/**
 * A loaded library of llama.cpp.
 *
 * @param log the log of this library
 */
record LlamaLibrary(Llama llama, NativeLog log) {}
