/**
 * Makes one service of several nodes: their members, their heartbeats, the event bus between them, and what they share
 * in the grid. It is the only room that uses Hazelcast. It must not know HTTP and engines.
 *
 * <p>The root uses {@link dev.runnel.cluster.Cluster}, {@link dev.runnel.cluster.NodeFacts} and
 * {@link dev.runnel.cluster.ClusterException}. Without the setting {@code cluster.enabled} no class of Hazelcast is
 * loaded.
 */
@NullMarked
package dev.runnel.cluster;

import org.jspecify.annotations.NullMarked;
