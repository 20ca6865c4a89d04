/**
 * llama.cpp in this process, from a GGUF file that it finds or fetches.
 */
@NullMarked
package dev.runnel.engine.llama;

import org.jspecify.annotations.NullMarked;
