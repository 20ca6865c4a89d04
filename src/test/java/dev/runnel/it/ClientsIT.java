package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.example.StreamWithHttpClient;
import dev.runnel.sse.StreamRules;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs in {@code src/examples}, in the shapes that users write, against the real service. */
class ClientsIT {

    /** What they ask to be echoed: characters of every length in UTF-8, and those that need escaping. */
    private static final String PROMPT = "Ein \"Märchen\":\t🦊 \u202eabc\u202c a\u0301 \\ \u2028 Ende.";

    /** So long that no cut answer is a whole one, also if it is compressed. */
    private static final String LONG_PROMPT = words(new Random(1), 1000);

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
                """, data);
        client = new Client(service.url(), service.key());
    }

    @Test
    void curlReadsTheStream() throws Exception {
        Needed.program("curl", "curl", "--version");
        Needed.program("Python", "python3", "--version");

        String printed = client.run("bash", "src/examples/curl.sh", PROMPT);

        assertThat(StreamRules.check(printed.getBytes(StandardCharsets.UTF_8)).text())
                .isEqualTo(PROMPT);
    }

    @Test
    void fetchWithoutABufferReadsTheStream() throws Exception {
        Needed.program("Node.js 18 or later", "node", "-e", "process.exit(typeof fetch === 'function' ? 0 : 1)");

        assertThat(client.run("node", "src/examples/fetch-unbuffered.mjs", PROMPT))
                .isEqualTo(PROMPT);
    }

    @Test
    void fetchWithABufferReadsTheStream() throws Exception {
        Needed.program("Node.js 18 or later", "node", "-e", "process.exit(typeof fetch === 'function' ? 0 : 1)");

        assertThat(client.run("node", "src/examples/fetch-buffered.mjs", PROMPT))
                .isEqualTo(PROMPT.length() + "\n" + PROMPT + "\n");
    }

    @Test
    void requestsReadsTheStream() throws Exception {
        Needed.program("Python with requests", "python3", "-c", "import requests");

        assertThat(client.run("python3", "src/examples/stream.py", PROMPT))
                .isEqualTo(PROMPT.codePointCount(0, PROMPT.length()) + "\n" + PROMPT + "\n");
    }

    @Test
    void requestsResumesAStreamThatIsCut() throws Exception {
        Needed.program("Python with requests", "python3", "-c", "import requests");

        assertThat(throughCuts("python3", "src/examples/resume.py"))
                .isEqualTo(LONG_PROMPT.codePointCount(0, LONG_PROMPT.length()) + "\n" + LONG_PROMPT + "\n");
    }

    @Test
    void fetchResumesAStreamThatIsCut() throws Exception {
        Needed.program("Node.js 18 or later", "node", "-e", "process.exit(typeof fetch === 'function' ? 0 : 1)");

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

    @Test
    void javaHttpClientReadsTheStream() throws Exception {
        List<String> deltas = new ArrayList<>();

        String text = new StreamWithHttpClient(client.url(), client.key()).generate(PROMPT, deltas::add);

        assertThat(text).isEqualTo(PROMPT).isEqualTo(String.join("", deltas));
    }
}
