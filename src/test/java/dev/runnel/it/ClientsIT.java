package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.it.ClientRun.Ended;
import dev.runnel.sse.StreamRules;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The programs in {@code src/examples}, in the shapes that users write, against the real service. */
class ClientsIT {

    /** What they ask to be echoed: characters of every length in UTF-8, and those that need escaping. */
    private static final String PROMPT = "Ein \"Märchen\":\t🦊 \u202eabc\u202c a\u0301 \\ \u2028 Ende.";

    /** So long that no cut answer is a whole one, also if it is compressed, and longer than the programs ask for. */
    private static final String LONG_PROMPT = words(new Random(1), 1000);

    /** What the programs ask for at most. */
    private static final int MAX_TOKENS = 500;

    @TempDir
    static Path data;

    @AutoClose
    private static RunningService service;

    private static Client client;

    @BeforeAll
    static void start() {
        service = RunningService.start(Launch.IN_PROCESS, """
                defaultModel: echo
                models:
                  - { name: echo, engine: scripted, echo: true, interval: 1ms }
                  - { name: slow, engine: scripted, text: "tick ", repeat: true, interval: 100ms }
                  - { name: failing, engine: scripted, text: "one two three", failAfter: 2, failure: upstream_failed }
                plans:
                  - { name: unlimited }
                  - { name: single, concurrentGenerations: 1 }
                """, data);
        client = new Client(service.url(), service.key());
    }

    @TestFactory
    Stream<DynamicTest> programPrintsEachTextAndWhyItEnded() {
        String longest = LONG_PROMPT.substring(0, LONG_PROMPT.offsetByCodePoints(0, MAX_TOKENS));
        return Example.each(example -> {
            Ended ended =
                    client.start(example.shownCommand(PROMPT, LONG_PROMPT)).end();

            assertThat(ended.status()).as(ended.err()).isZero();
            assertThat(ended.out()).isEqualTo(PROMPT + "\n" + longest + "\n");
            assertThat(ended.err()).containsSubsequence("finishReason: stop\n", "finishReason: length\n");
        });
    }

    @TestFactory
    Stream<DynamicTest> errorEventEndsTheProgramWithItsMessage() {
        return Example.each(example -> {
            Ended ended = client.withModel("failing")
                    .start(example.command("x", "not sent"))
                    .end();

            assertThat(ended.status()).isNotZero();
            assertThat(ended.out()).startsWith("one two").doesNotContain("three");
            assertThat(ended.err()).contains("api_error: ").doesNotContain("finishReason");
        });
    }

    @TestFactory
    Stream<DynamicTest> refusalEndsTheProgramWithItsMessage() {
        Client stranger = new Client(service.url(), "nonsense");
        return Example.each(example -> {
            Ended ended = stranger.start(example.command("x")).end();

            assertThat(ended.status()).isNotZero();
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).contains("401").contains("authentication_error");
        });
    }

    @TestFactory
    Stream<DynamicTest> cutStreamIsNotTakenForAWholeOne() {
        long seed = System.nanoTime();
        return Example.each(example -> {
            try (CuttingProxy proxy = new CuttingProxy(URI.create(client.url()).getPort(), 1, seed)) {
                Ended ended = new Client(proxy.url(), client.key())
                        .start(example.command(LONG_PROMPT))
                        .end();

                assertThat(proxy.cut()).as("seed %d", seed).isPositive();
                assertThat(ended.status()).isNotZero();
                assertThat(LONG_PROMPT).startsWith(ended.out().stripTrailing());
                assertThat(ended.err()).isNotEmpty().doesNotContain("finishReason");
            }
        });
    }

    /** A text lasts 50 s unless it is cancelled. */
    @TestFactory
    Stream<DynamicTest> interruptCancelsTheGeneration() {
        Needed.program("env with --default-signal", "env", "--default-signal=INT", "true");
        Needed.program("setsid", "setsid", "true");
        return Example.each(example -> {
            Client single = new Client(service.url(), service.key("single")).withModel("slow");
            ClientRun run = single.start(ClientRun.inTerminal(example.command("x", "not sent")));
            run.awaitText();
            assertThat(single.running()).isEqualTo(1);

            run.interrupt();

            Ended ended = run.end();
            assertThat(ended.status()).isNotZero();
            assertThat(ended.out()).startsWith("tick").doesNotContain("\n" + "tick");
            assertThat(ended.err()).doesNotContain("finishReason");
            single.awaitNoneRunning();
        });
    }

    @Test
    void curlReadsTheStream() throws Exception {
        requireCurl();

        String printed = client.run("bash", "src/examples/curl.sh", PROMPT);

        assertThat(StreamRules.check(printed.getBytes(StandardCharsets.UTF_8)).text())
                .isEqualTo(PROMPT);
    }

    @Test
    void curlFailsWithoutTheWholeText() throws Exception {
        requireCurl();
        List<String> command = List.of("bash", "src/examples/curl.sh", LONG_PROMPT);

        Ended failed = client.withModel("failing").start(command).end();
        Ended refused = new Client(service.url(), "nonsense").start(command).end();

        assertThat(failed.status()).isNotZero();
        assertThat(failed.out()).contains("\"delta\":\"one\"").contains("{\"error\":{\"type\":\"api_error\"");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.out()).contains("authentication_error");
        assertThat(refused.err()).contains("401");
    }

    private static void requireCurl() {
        Needed.program("curl", "curl", "--version");
        Needed.program("Python", "python3", "--version");
    }

    @Test
    void fetchWithoutABufferReadsTheStream() throws Exception {
        Example.requireNode();

        assertThat(client.run("node", "src/examples/fetch-unbuffered.mjs", PROMPT))
                .isEqualTo(PROMPT);
    }

    @Test
    void fetchWithoutABufferFailsWithoutTheWholeText() throws Exception {
        Example.requireNode();
        List<String> command = List.of("node", "src/examples/fetch-unbuffered.mjs", PROMPT);

        Ended failed = client.withModel("failing").start(command).end();
        Ended refused = new Client(service.url(), "nonsense").start(command).end();

        assertThat(failed.status()).isNotZero();
        assertThat(failed.err()).contains("api_error: ");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.err()).contains("HTTP 401: ").contains("authentication_error");
    }

    @Test
    void requestsResumesAStreamThatIsCut() throws Exception {
        Needed.program("Python with requests", "python3", "-c", "import requests");

        assertThat(throughCuts("python3", "src/examples/resume.py"))
                .isEqualTo(LONG_PROMPT.codePointCount(0, LONG_PROMPT.length()) + "\n" + LONG_PROMPT + "\n");
    }

    @Test
    void fetchResumesAStreamThatIsCut() throws Exception {
        Example.requireNode();

        assertThat(throughCuts("node", "src/examples/resume.mjs"))
                .isEqualTo(LONG_PROMPT.length() + "\n" + LONG_PROMPT + "\n");
    }

    private static String words(Random random, int codePoints) {
        int[] alphabet = "abcdefghijklmnopqrstuvwäöü🦊\u2028\" ".codePoints().toArray();
        return random.ints(codePoints, 0, alphabet.length)
                .mapToObj(i -> Character.toString(alphabet[i]))
                .collect(Collectors.joining());
    }

    /** Runs a program through a proxy that cuts its first five connections at random places. */
    private static String throughCuts(String... command) throws Exception {
        long seed = System.nanoTime();
        try (CuttingProxy proxy = new CuttingProxy(URI.create(client.url()).getPort(), 5, seed)) {
            String printed = new Client(proxy.url(), client.key()).run(command[0], command[1], LONG_PROMPT);
            assertThat(proxy.cut()).as("cut connections, seed %d", seed).isEqualTo(5);
            return printed;
        }
    }
}
