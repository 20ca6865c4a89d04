package dev.runnel.http;

import dev.runnel.config.GenerationConfig;
import dev.runnel.config.HttpConfig;
import dev.runnel.config.LogConfig;
import dev.runnel.config.ResumeConfig;
import dev.runnel.http.connection.AcceptedConnections;
import dev.runnel.http.connection.Compressors;
import dev.runnel.http.connection.ConnectionAccount;
import dev.runnel.http.connection.Tls;
import dev.runnel.memory.HeldBytes;
import dev.runnel.message.ModelState;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.trace.Tracing;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The configuration and collaborators of {@link HttpVerticle}; the instances share one.
 *
 * @param models every configured model in its present state, one of them the default; any thread
 * @param kept the resumable generations of the process
 * @param accepted of the Vert.x that the verticle is deployed to
 * @param draining whether generators refuse new requests, a moment before {@link HttpVerticle#drain} is called; any
 *     thread
 * @param tls of the port
 * @param random the source of the names of inboxes
 * @param clock the time of day, for what an answer says about its time
 */
public record HttpSetup(
        HttpConfig http,
        GenerationConfig generation,
        ResumeConfig resume,
        KeptGenerations kept,
        Supplier<List<ModelState>> models,
        AccessControl access,
        StreamMeters meters,
        RequestMeters requests,
        Compressors compressors,
        ConnectionAccount connectionAccount,
        AcceptedConnections accepted,
        HeldBytes memory,
        BooleanSupplier draining,
        Optional<Tls> tls,
        LogConfig log,
        Tracing tracing,
        RandomGenerator random,
        InstantSource clock) {}
