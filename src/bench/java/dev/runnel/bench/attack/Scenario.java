package dev.runnel.bench.attack;

import dev.runnel.bench.relay.Service;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One attack, and the service that it is made on.
 *
 * @param configuration of the service
 * @param by a command that starts the service's command; empty for none
 * @param options of the service's JVM
 * @param others the clients that do not attack
 * @param calm the clients that are there while nothing attacks
 * @param attack starts the attack
 * @param mostRatio the most that the p99 of the others beside the attack may be, as a multiple of that without it
 * @param bad a status that the attackers must not get; empty for none
 */
record Scenario(
        String configuration,
        List<String> by,
        List<String> options,
        Supplier<Others> others,
        Function<Service, Attack> calm,
        Function<Service, Attack> attack,
        double mostRatio,
        String bad) {

    private static final double ANY = Double.POSITIVE_INFINITY;
    private static final String NONE = "";
    private static final List<String> SMALL_HEAP = List.of("-Xmx512m");
    private static final List<String> FEW_FILES = List.of("bash", "-c", "ulimit -n 1024; exec \"$0\" \"$@\"");

    private static final int PLACES = 1000;
    private static final int FEW_PLACES = 4;
    private static final int QUEUE = 16;
    private static final int GREEDY_KEYS = 3;
    /** With the other client they need every place and nearly the whole queue, and none is refused. */
    private static final int CALM_OF_A_KEY = (FEW_PLACES + QUEUE - 1) / GREEDY_KEYS;

    private static final int GREEDY_OF_A_KEY = 100;

    private static final String HEAD = """
        http: { port: 0 }
        management: { port: 0 }
        log: { generations: false }
        plans:
          - name: bench
          - { name: standard, requestsPerMinute: 60, tokensPerMinute: 100000, concurrentGenerations: 4 }
        """;

    private static final String SCRIPTED = HEAD + """
        generation: { queue: %d }
        defaultModel: steady
        models:
          - name: steady
            engine: scripted
            pieces: [ " stream" ]
            repeat: true
            interval: 20ms
            sequences: %d
        """;

    private static Scenario scripted(List<String> by, List<String> options, Function<Service, Attack> attack) {
        return new Scenario(
                SCRIPTED.formatted(QUEUE, PLACES),
                by,
                options,
                () -> StreamReaders.of(20, 440, 50),
                service -> new Attackers(),
                attack,
                ANY,
                NONE);
    }

    /** Headers that are costly to parse. */
    static Scenario headers() {
        return scripted(List.of(), List.of(), Attacks::headers);
    }

    /** Bodies that are never complete. */
    static Scenario bodies() {
        return scripted(List.of(), SMALL_HEAP, Attacks::bodies);
    }

    /** More connections than files. */
    static Scenario connections() {
        return scripted(FEW_FILES, List.of(), service -> IdleConnections.open(service.port(), 1500));
    }

    /** A queue that few keys keep full. */
    static Scenario queue() {
        return new Scenario(
                SCRIPTED.formatted(QUEUE, FEW_PLACES),
                List.of(),
                List.of(),
                // One at a time: only a key with nothing in the queue displaces another one's request.
                () -> StreamReaders.of(1, 40, 10),
                service -> Attacks.streams(service, GREEDY_KEYS, CALM_OF_A_KEY),
                service -> Attacks.streams(service, GREEDY_KEYS, GREEDY_OF_A_KEY),
                3,
                NONE);
    }

    /** Long prompts to the default model. */
    static Scenario prompts() {
        return new Scenario(
                HEAD,
                List.of(),
                List.of(),
                ShortQuestions::new,
                service -> new Attackers(),
                Attacks::prompts,
                ANY,
                "500");
    }
}
