package dev.runnel.cluster;

import dev.runnel.auth.Revocations;
import dev.runnel.message.ModelPlaces;
import dev.runnel.metric.ClusterMeters;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a node brings into the cluster.
 *
 * @param secret a fingerprint of the secret that signs keys
 * @param generators the addresses of its generators; none while it accepts no new generations; any thread
 * @param places the places of its models; any thread
 * @param revocations the revoked keys that it knows
 * @param keyLifetime the longest time for which a key is valid
 */
public record NodeFacts(
        String secret,
        Supplier<List<String>> generators,
        Supplier<List<ModelPlaces>> places,
        Revocations revocations,
        Duration keyLifetime,
        ClusterMeters meters) {}
