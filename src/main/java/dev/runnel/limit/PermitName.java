package dev.runnel.limit;

/**
 * Names a permit in all of a cluster.
 *
 * @param node that has it; empty in a process without a cluster
 * @param number its own on that node
 */
record PermitName(String node, long number) {}
