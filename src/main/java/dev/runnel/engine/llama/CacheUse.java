package dev.runnel.engine.llama;

/**
 * The use of a context.
 *
 * @param running the texts of generations that have not ended
 * @param reservedCells the cells that these may need in all
 * @param prefixCells the cells of the prefix that all prompts share
 * @param usedCells the count of llama.cpp, including texts that are kept for reuse
 */
record CacheUse(int running, int reservedCells, int prefixCells, int usedCells) {}
