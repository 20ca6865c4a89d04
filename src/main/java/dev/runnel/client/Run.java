package dev.runnel.client;

/**
 * One generator's part of a generation.
 *
 * @param epoch 0 for the first, then one more with each generator that is asked
 * @param generator its address
 * @param node its node; empty in this process
 */
record Run(int epoch, String generator, String node) {}
