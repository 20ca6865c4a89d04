package dev.runnel.simulation;

import dev.runnel.config.Allowance;
import dev.runnel.config.GenerationConfig;
import dev.runnel.config.HttpConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.config.PlanConfig;
import dev.runnel.config.ResumeConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.TestConfig;
import dev.runnel.text.Sampling;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The size and the configuration of the service in one seed. The time limits are short, so that they are met. */
record Situation(
        int lanes,
        boolean apart,
        int sequences,
        int queue,
        boolean preparesAtOnce,
        long heldBytes,
        boolean pings,
        ResumeConfig resume,
        Duration longest,
        Map<String, Object> script) {

    static final String PLAYED = "played";
    static final String SCRIPTED = "scripted";
    static final List<String> SCRIPT = List.of("Once", " upon", " a", " time", " it", " was", " é", "😀", ".");

    static final Duration STALL = Duration.ofSeconds(2);
    static final Duration DRAIN = Duration.ofSeconds(2);
    static final Duration NEXT_TOKEN = Duration.ofSeconds(1);
    static final Duration LONGEST_RETENTION = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofSeconds(6);
    /** How many readers a resumable generation may have at once. */
    static final int READERS = 2;

    private static final int MIN_RETENTION_MILLIS = 500;
    private static final int MIN_GRACE_MILLIS = 800;
    private static final int MAX_GRACE_MILLIS = 1500;
    private static final int FEW_BYTES = 4096;
    private static final int FEW_GENERATIONS = 3;
    private static final Duration PING = Duration.ofMillis(400);
    private static final int MIN_HELD_BYTES = 20_000;
    private static final int MAX_HELD_BYTES = 300_000;
    private static final long AMPLE_BYTES = 1L << 30;
    private static final int MAX_TOKENS = 4096;
    private static final int MAX_TEXT_BYTES = 4 << 20;

    /** How many generations of one key run at once, of the plan {@code narrow}. */
    static final int NARROW = 2;

    private static final RunnelConfig READ =
            TestConfig.of("models: [ { name: smollm2-135m-instruct, engine: scripted } ]");

    static Situation of(Choices choices) {
        Choices.Draws draws = choices.at("situation");
        Map<String, Object> script = new HashMap<>();
        script.put("pieces", SCRIPT);
        script.put("interval", draws.chance(0.5) ? "0ms" : draws.between(1, 120) + "ms");
        script.put("firstToken", draws.between(0, 60) + "ms");
        if (draws.fault(0.1, "the script fails")) {
            script.put("failAfter", Integer.toString(draws.between(0, SCRIPT.size())));
        } else if (draws.fault(0.1, "the script stalls")) {
            script.put("stallAfter", Integer.toString(draws.between(0, SCRIPT.size())));
        }
        return new Situation(
                draws.between(1, 3),
                draws.chance(0.4),
                draws.between(1, 5),
                draws.between(0, 6),
                draws.chance(0.5),
                draws.fault(0.1, "little memory") ? draws.between(MIN_HELD_BYTES, MAX_HELD_BYTES) : AMPLE_BYTES,
                draws.chance(0.5),
                resume(choices.at("resume")),
                LONGEST,
                Map.copyOf(script));
    }

    private static ResumeConfig resume(Choices.Draws draws) {
        return new ResumeConfig(
                Duration.ofMillis(draws.between(MIN_GRACE_MILLIS, MAX_GRACE_MILLIS)),
                Duration.ofMillis(draws.between(MIN_RETENTION_MILLIS, (int) LONGEST_RETENTION.toMillis())),
                draws.fault(0.1, "few bytes are kept") ? FEW_BYTES : 1 << 20,
                draws.fault(0.1, "few generations are kept") ? FEW_GENERATIONS : 20,
                READERS);
    }

    boolean hasLittleMemory() {
        return heldBytes < AMPLE_BYTES;
    }

    boolean keepsFew() {
        return resume.maxBytes() <= FEW_BYTES || resume.maxGenerations() <= FEW_GENERATIONS || hasLittleMemory();
    }

    GenerationConfig generation() {
        return new GenerationConfig(
                MAX_TOKENS,
                MAX_TOKENS / 16,
                queue,
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                NEXT_TOKEN,
                longest,
                MAX_TEXT_BYTES);
    }

    HttpConfig http() {
        HttpConfig read = READ.http();
        return new HttpConfig(
                read.host(),
                read.port(),
                read.tls(),
                read.maxBodyBytes(),
                pings ? PING : Duration.ZERO,
                STALL,
                DRAIN,
                read.sendBufferBytes(),
                read.compressedStreams(),
                read.connections(),
                read.cors(),
                read.playground());
    }

    RunnelConfig config() {
        return new RunnelConfig(
                READ.file(),
                READ.data(),
                http(),
                READ.management(),
                READ.memory(),
                READ.auth(),
                generation(),
                resume,
                READ.bus(),
                READ.cluster(),
                READ.log(),
                READ.tracing(),
                READ.warmUp(),
                READ.llama(),
                PLAYED,
                List.of(model(PLAYED, Map.of()), model(SCRIPTED, script)),
                plans());
    }

    ModelConfig scripted() {
        return model(SCRIPTED, script);
    }

    private static ModelConfig model(String name, Map<String, Object> settings) {
        return new ModelConfig(name, SCRIPTED, ModelConfig.Template.CHAT, null, Sampling.UNSET, settings);
    }

    static List<PlanConfig> plans() {
        return List.of(
                new PlanConfig("wide", allowance(10_000, 50_000_000, 1000)),
                new PlanConfig("narrow", allowance(30, 5000, NARROW), 0.5));
    }

    private static Allowance allowance(int requests, int tokens, int generations) {
        return new Allowance(
                OptionalInt.of(requests),
                OptionalInt.of(tokens),
                OptionalInt.of(generations),
                OptionalInt.empty(),
                Optional.empty());
    }
}
