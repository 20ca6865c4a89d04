package dev.runnel.engine.llama;

/**
 * What is taken of a context.
 *
 * @param running texts of generations that have not ended
 * @param reservedCells what they may need together in the end
 * @param beginningCells what the beginning that all prompts share has
 * @param usedCells what llama.cpp counts, texts that are kept for later included
 */
record CacheUse(int running, int reservedCells, int beginningCells, int usedCells) {}
