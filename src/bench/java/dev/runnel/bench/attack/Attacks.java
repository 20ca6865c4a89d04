package dev.runnel.bench.attack;

import dev.runnel.bench.relay.Service;
import dev.runnel.sse.HttpWire;
import java.time.Duration;
import java.util.Random;

/** The attacks that repeat requests. */
final class Attacks {

    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(1);
    /** Each try sends 2 MiB: with a shorter pause the machine is busy with the bodies alone. */
    private static final Duration VERY_LONG = Duration.ofSeconds(10);
    /** A client that waits less than {@code Retry-After} says. */
    private static final Duration IMPATIENT = Duration.ofMillis(250);

    private static final int CONNECTIONS = 4;
    private static final int BODIES = 300;
    private static final int PROMPTS = 60;
    private static final int CODE_POINTS = 100_000;
    private static final int LONGEST_WORD = 10;

    private Attacks() {}

    /** Four connections send content types, and four ask for codings. */
    static Attack headers(Service service) {
        String key = HttpWire.bearer(service.key("attacker"));
        String spaces = typed(key, "application/json" + " ".repeat(14_000) + "x");
        String parameters = typed(key, "application/json" + ";a=b".repeat(3_700));
        String codings = "Accept-Encoding: gzip" + ";".repeat(15_500);
        String keyed = HttpWire.requestHead("GET", "/v1/models", key, codings);
        String keyless = HttpWire.requestHead("GET", "/", codings);
        Attackers attackers = new Attackers();
        for (int i = 0; i < CONNECTIONS; i++) {
            attackers.add(Repeated.of(service.port(), spaces, parameters), SHORT);
            attackers.add(Repeated.of(service.port(), keyed, keyless), SHORT);
        }
        return attackers;
    }

    private static String typed(String key, String type) {
        return HttpWire.requestHead("POST", "/v1/generate", key, "Content-Type: " + type, "Content-Length: 2") + "{}";
    }

    /** Clients of one key each hold a request whose body is not complete. */
    static Attack bodies(Service service) {
        String key = service.key("attacker", "standard");
        Attackers attackers = new Attackers();
        for (int i = 0; i < BODIES; i++) {
            attackers.add(new HeldBody(service.port(), key), VERY_LONG);
        }
        return attackers;
    }

    /**
     * Clients that each read one stream after another.
     *
     * @param connections of each key
     */
    static Attack streams(Service service, int keys, int connections) {
        Attackers attackers = new Attackers();
        for (int key = 0; key < keys; key++) {
            String request = Posts.stream(service.key("greedy " + key), "{\"prompt\":\"more\",\"maxTokens\":25}");
            for (int i = 0; i < connections; i++) {
                attackers.add(Repeated.of(service.port(), request), IMPATIENT);
            }
        }
        return attackers;
    }

    /** Clients of one key that each send a long prompt. */
    static Attack prompts(Service service) {
        String key = service.key("attacker");
        Attackers attackers = new Attackers();
        for (int i = 0; i < PROMPTS; i++) {
            String json = "{\"prompt\":\"" + words(i) + "\",\"maxTokens\":1}";
            attackers.add(Repeated.of(service.port(), Posts.generate(key, json)), LONG);
        }
        return attackers;
    }

    /** So many code points of words that no model knows; no two seeds give the same. */
    private static String words(int seed) {
        Random random = new Random(seed);
        StringBuilder words = new StringBuilder(CODE_POINTS);
        while (words.length() < CODE_POINTS) {
            boolean isBlank = random.nextInt(LONGEST_WORD) == 0;
            words.append(isBlank ? ' ' : (char) ('a' + random.nextInt('z' - 'a' + 1)));
        }
        return words.toString();
    }
}
