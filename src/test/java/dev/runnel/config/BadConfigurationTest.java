package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.config.tree.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are refused, each with the line that says so. */
class BadConfigurationTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            http: { port: 70000 }                    | http.port: 70000 (expected: 0 … 65535)
            http: { port: -1 }                       | http.port: -1 (expected: 0 … 65535)
            http: { port: http }                     | http.port: http (expected: 0 … 65535)
            http: { port: 80.5 }                     | http.port: 80.5 (expected: 0 … 65535)
            http: { port: 0x50 }                     | http.port: 0x50 (expected: 0 … 65535)
            http: { port: 8_080 }                    | http.port: 8_080 (expected: 0 … 65535)
            http: { port: "" }                       | http.port: "" (expected: 0 … 65535)
            http: { port: 99999999999999999999 }     | http.port: 99999999999999999999 (expected: 0 … 65535)
            http: { port: [ 80 ] }                   | http.port: a list (expected: 0 … 65535)
            http: { port: { a: 1 } }                 | http.port: an object (expected: 0 … 65535)
            http: { host: "" }                       | http.host: "" (expected: one line of text)
            http: { host: " localhost" }             | http.host: " localhost" (expected: one line of text)
            http: { host: "a\\nb" }                  | http.host: a b (expected: one line of text)
            http: { maxBodyBytes: 2MiB }             | http.maxBodyBytes: 2MiB (expected: 1024 … 67108864)
            http: { maxBodyBytes: 10 }               | http.maxBodyBytes: 10 (expected: 1024 … 67108864)
            http: { heartbeat: 15 }                  | http.heartbeat: 15 (expected: 0 … 1h, with a unit: ms, s, m, h, d)
            http: { heartbeat: 2h }                  | http.heartbeat: 2h (expected: 0 … 1h, with a unit: ms, s, m, h, d)
            http: { heartbeat: -5s }                 | http.heartbeat: -5s (expected: 0 … 1h, with a unit: ms, s, m, h, d)
            http: { heartbeat: false }               | http.heartbeat: false (expected: 0 … 1h, with a unit: ms, s, m, h, d)
            http: { stall: 0 }                       | http.stall: 0 (expected: 10ms … 1h, with a unit: ms, s, m, h, d)
            http: { stall: 1.5s }                    | http.stall: 1.5s (expected: 10ms … 1h, with a unit: ms, s, m, h, d)
            http: { drain: 2h }                      | http.drain: 2h (expected: 0 … 1h, with a unit: ms, s, m, h, d)
            http: { tls: { keyFile: k } }            | http.tls.certificateFile: nothing (expected: a file's path, because the other file of the pair is set)
            management: { tls: { certificateFile: c } } | management.tls.keyFile: nothing (expected: a file's path, because the other file of the pair is set)
            http: { tls: { certificate: c } }        | http.tls.certificate: unknown key
            http: { sendBufferBytes: 1 }             | http.sendBufferBytes: 1 (expected: 4096 … 16777216)
            http: { connections: 0 }                 | http.connections: 0 (expected: 1 … 1000000)
            http: { connections: many }              | http.connections: many (expected: 1 … 1000000)
            http: { connectionsPerAddress: 0 }       | http.connectionsPerAddress: 0 (expected: 1 … 1000000)
            http: { connectionsWithoutKey: -1 }      | http.connectionsWithoutKey: -1 (expected: 1 … 1000000)
            memory: { heldBytes: 16MiB }             | memory.heldBytes: 16MiB (expected: 1024 … 1099511627776)
            memory: { heldBytes: 1048576 }           | memory.heldBytes: 1048576 (expected: at least 4 times http.maxBodyBytes, which is 8388608)
            http: { trustedProxies: 10.0.0.1 }       | http.trustedProxies: a single value (expected: a list)
            http: { trustedProxies: [ proxy ] }      | http.trustedProxies[0]: proxy (expected: an IP address, or a block such as 10.0.0.0/8)
            http: { trustedProxies: [ 10.0.0.0/33 ] } | http.trustedProxies[0]: 10.0.0.0/33 (expected: an IP address, or a block such as 10.0.0.0/8)
            http: { trustedProxies: [ "::1", "::1/-1" ] } | http.trustedProxies[1]: ::1/-1 (expected: an IP address, or a block such as 10.0.0.0/8)
            http: { cors: { origins: [ chat.example.com ] } } | http.cors.origins[0]: chat.example.com (expected: * or an origin as browsers send it, such as https://chat.example.com)
            http: { cors: { origins: [ "https://a.example", "https://a.example/" ] } } | http.cors.origins[1]: https://a.example/ (expected: * or an origin as browsers send it, such as https://chat.example.com)
            http: { cors: { origins: [ "https://A.example" ] } } | http.cors.origins[0]: https://A.example (expected: * or an origin as browsers send it, such as https://chat.example.com)
            http: { cors: { origins: [ "https://a.example:443" ] } } | http.cors.origins[0]: https://a.example:443 (expected: * or an origin as browsers send it, such as https://chat.example.com)
            http: { cors: { origins: [ "null" ] } } | http.cors.origins[0]: null (expected: * or an origin as browsers send it, such as https://chat.example.com)
            http: { cors: { origins: [ "https://*.example" ] } } | http.cors.origins[0]: https://*.example (expected: * or an origin as browsers send it, such as https://chat.example.com)
            http: { cors: { origins: "https://u@a.example" } } | http.cors.origins: https://u@a.example (expected: * or an origin as browsers send it, such as https://chat.example.com)
            http: { prot: 1 }                        | http.prot: unknown key (did you mean port?)
            http: { max_body_bytes: 4096 }           | http.max_body_bytes: unknown key (did you mean maxBodyBytes?)
            http: 8080                               | http: a single value (expected: an object)
            http: [ 8080 ]                           | http: a list (expected: an object)
            htpp: { port: 1 }                        | htpp: unknown key (did you mean http?)
            management: { port: 8080 }               | management.port: 8080 (expected: another port than http.port, or 0)
            management: { port: 65536 }              | management.port: 65536 (expected: 0 … 65535)
            management: { Port: 1 }                  | management.Port: unknown key (did you mean port?)
            auth: { leeway: 1h }                     | auth.leeway: 1h (expected: 0 … 10m, with a unit: ms, s, m, h, d)
            auth: { issuer: "" }                     | auth.issuer: "" (expected: one line of text)
            auth: { secretFile: "" }                 | auth.secretFile: "" (expected: a file's path)
            auth: { secret: short }                  | auth.secret: 5 characters (expected: 32 bytes or more)
            auth: { maxLifetime: 1s }                | auth.maxLifetime: 1s (expected: 1m … 87600h, with a unit: ms, s, m, h, d)
            auth: { trusted: [ { audience: a, jwksFile: f } ] } | auth.trusted[0].issuer: missing (expected: one line of text)
            auth: { trusted: [ { issuer: i, audience: a } ] } | auth.trusted[0].keys: 0 places of keys (expected: one of jwksUrl, jwksFile, keys)
            auth: { trusted: [ { issuer: i, audience: a, jwksFile: f, jwksUrl: "https://a/" } ] } | auth.trusted[0].keys: 2 places of keys (expected: one of jwksUrl, jwksFile, keys)
            auth: { trusted: [ { issuer: i, audience: a, jwksUrl: "http://a/" } ] } | auth.trusted[0].jwksUrl: 9 characters (expected: an https URL without a user, a password or a fragment)
            auth: { trusted: [ { issuer: i, audience: a, jwksUrl: "https://u:p@a/" } ] } | auth.trusted[0].jwksUrl: 14 characters (expected: an https URL without a user, a password or a fragment)
            auth: { trusted: [ { issuer: i, audience: a, jwksFile: f, refresh: 1ms } ] } | auth.trusted[0].refresh: 1ms (expected: 1s … 24h, with a unit: ms, s, m, h, d)
            auth: { trusted: [ { issuer: runnel, audience: a, jwksFile: f } ] } | auth.trusted[0].issuer: runnel (expected: one that neither auth.issuer nor another entry has)
            auth: { trusted: [ { issuer: "https://a", audience: a, jwksFile: f }, { issuer: "https://a/b", audience: a, jwksFile: f } ] } | auth.trusted[1].issuer: https://a/b (expected: one that does not start with another entry's and /, nor the other way round)
            auth: { trusted: [ { issuer: "https://a/b/c", audience: a, jwksFile: f }, { issuer: "https://a", audience: a, jwksFile: f } ] } | auth.trusted[1].issuer: https://a (expected: one that does not start with another entry's and /, nor the other way round)
            auth: { trusted: [ { issuer: "https://a", audience: a, jwksFile: f }, { issuer: "https://a/", audience: a, jwksFile: f } ] } | auth.trusted[1].issuer: https://a/ (expected: one that does not start with another entry's and /, nor the other way round)
            auth: { trusted: [ { issuer: i, audience: a, keys: [ { algorithm: HS256, file: f } ] } ] } | auth.trusted[0].keys[0].algorithm: HS256 (expected: RS256, PS256, ES256 or EdDSA)
            auth: { trusted: [ { issuer: i, audience: a, keys: [ { algorithm: none, file: f } ] } ] } | auth.trusted[0].keys[0].algorithm: none (expected: RS256, PS256, ES256 or EdDSA)
            plans: []                                | plans: an empty list (expected: a list of at least one object)
            plans: [ { name: "a b" } ]               | plans[0].name: a b (expected: 1 … 64 of A-Z a-z 0-9 . _ -, a letter or digit first)
            plans: [ { name: a }, { name: a } ]      | plans[1].name: a (expected: a name that no other plan has)
            plans: [ { name: a, requestsPerMinute: 0 } ] | plans[0].requestsPerMinute: 0 (expected: 1 … 1000000)
            plans: [ { name: a, tokensPerMinute: 100000001 } ] | plans[0].tokensPerMinute: 100000001 (expected: 1 … 100000000)
            plans: [ { name: a, concurrentGenerations: x } ] | plans[0].concurrentGenerations: x (expected: 1 … 100000)
            plans: [ { name: a, maxTokens: 0 } ]     | plans[0].maxTokens: 0 (expected: >= 1)
            plans: [ { name: a, share: 0 } ]         | plans[0].share: 0 (expected: > 0 … 1)
            plans: [ { name: a, share: 1.1 } ]       | plans[0].share: 1.1 (expected: > 0 … 1)
            plans: [ { name: a, models: [ gpt ] } ]  | plans[0].models: gpt (expected: some of models: smollm2-135m-instruct)
            plans: [ { name: a, requestPerMinute: 1 } ] | plans[0].requestPerMinute: unknown key (did you mean requestsPerMinute?)
            auth: { secret: [ short ] }              | auth.secret: a list (expected: 32 bytes or more)
            generation: { maxTokens: 0 }             | generation.maxTokens: 0 (expected: 1 … 1000000)
            generation: { defaultMaxTokens: 5000 }   | generation.defaultMaxTokens: 5000 (expected: 1 … maxTokens, which is 4096)
            generation: { maxTokens: 100 }           | generation.defaultMaxTokens: 256 (expected: 1 … maxTokens, which is 100)
            generation: { queue: 1000000 }           | generation.queue: 1000000 (expected: 0 … 100000)
            generation: { queueWait: 1ms }           | generation.queueWait: 1ms (expected: 10ms … 24h, with a unit: ms, s, m, h, d)
            generation: { firstToken: soon }         | generation.firstToken: soon (expected: 10ms … 24h, with a unit: ms, s, m, h, d)
            generation: { nextToken: 2d }            | generation.nextToken: 2d (expected: 10ms … 24h, with a unit: ms, s, m, h, d)
            bus: { publishDeltas: yes }              | bus.publishDeltas: yes (expected: true or false)
            bus: { publishDeltas: 1 }                | bus.publishDeltas: 1 (expected: true or false)
            bus: { publish: true }                   | bus.publish: unknown key
            defaultModel: gpt                        | defaultModel: gpt (expected: one of models: smollm2-135m-instruct)
            defaultModel: "a b"                      | defaultModel: a b (expected: 1 … 64 of A-Z a-z 0-9 . _ -, a letter or digit first)
            models: []                               | models: an empty list (expected: a list of at least one object)
            models: llama                            | models: a single value (expected: a list of objects)
            models: { name: a }                      | models: an object (expected: a list of objects)
            models: [ a ]                            | models[0]: a single value (expected: an object)
            models: [ ~ ]                            | models[0]: nothing (expected: an object)
            """)
    void settingIsRefused(String yaml, String complaint) throws IOException {
        assertThat(complaints(yaml)).containsExactly(complaint);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            engine: x                                | name: missing (expected: 1 … 64 of A-Z a-z 0-9 . _ -, a letter or digit first)
            name: ../x, engine: x                    | name: ../x (expected: 1 … 64 of A-Z a-z 0-9 . _ -, a letter or digit first)
            name: .x, engine: x                      | name: .x (expected: 1 … 64 of A-Z a-z 0-9 . _ -, a letter or digit first)
            name: a/b, engine: x                     | name: a/b (expected: 1 … 64 of A-Z a-z 0-9 . _ -, a letter or digit first)
            name: M, engine: x                       | name: M (expected: a name that no other model has)
            name: a                                  | engine: missing (expected: one line of text)
            name: a, engine: none                    | engine: none (expected: x)
            name: a, engine: x, template: chatml     | template: chatml (expected: chat or none)
            name: a, engine: x, system: [ a ]        | system: a list (expected: text)
            name: a, engine: x, sampling: 0.5        | sampling: a single value (expected: an object)
            name: a, engine: x, sampling: { temperature: 3 }        | sampling.temperature: 3 (expected: 0 … 2)
            name: a, engine: x, sampling: { temperature: .nan }     | sampling.temperature: .nan (expected: 0 … 2)
            name: a, engine: x, sampling: { temperature: 1e1 }      | sampling.temperature: 1e1 (expected: 0 … 2)
            name: a, engine: x, sampling: { topP: 0 }               | sampling.topP: 0 (expected: > 0 … 1)
            name: a, engine: x, sampling: { topK: 1001 }            | sampling.topK: 1001 (expected: 0 … 1000)
            name: a, engine: x, sampling: { presencePenalty: -3 }   | sampling.presencePenalty: -3 (expected: -2 … 2)
            name: a, engine: x, sampling: { frequencyPenalty: x }   | sampling.frequencyPenalty: x (expected: -2 … 2)
            name: a, engine: x, sampling: { top_p: 1 }              | sampling.top_p: unknown key (did you mean topP?)
            """)
    void modelIsRefused(String entry, String complaint) throws IOException {
        String yaml = "defaultModel: m\nmodels: [ { name: m, engine: x }, { " + entry + " } ]";

        assertThat(complaints(yaml)).containsExactly("models[1]." + complaint);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            http: { port: 1|1: while parsing a flow mapping
            a: b: c|1: mapping values are not allowed here
            http: { port: 1, port: 2 }|1: duplicate key port
            - a|1: not an object with keys
            hello|1: not an object with keys
            http: *x|1: a reference with * (expected: the value itself)
            a: &x { b: [ 1 ] }, c: *x|1:
            """)
    void fileThatIsNoPlainYamlIsRefusedWithItsLine(String yaml, String problem) throws IOException {
        assertThat(complaints(yaml))
                .singleElement()
                .asString()
                .startsWith(folder.resolve("runnel.yaml") + ":" + problem)
                .doesNotContain("\n", "Exception", "reader");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http:\n  port: 1\n port: 2\n",
                "http:\n  port: 1\nhttp:\n  port: 2\n",
                "a: 1\n\n---\nb: 2\n",
                "a: 1\nb:\n\t- c\n"
            })
    void complaintAboutAMistakeInTheMiddleNamesItsLine(String yaml) throws IOException {
        assertThat(complaints(yaml)).singleElement().asString().containsPattern("runnel.yaml:[34]: ");
    }

    @Test
    void fileOfBillionLaughsIsRefusedAtOnce() throws IOException {
        StringBuilder yaml = new StringBuilder("a0: &a0 [ ha, ha ]\n");
        for (int i = 1; i < 40; i++) {
            yaml.append("a%d: &a%d [ *a%d, *a%d ]\n".formatted(i, i, i - 1, i - 1));
        }

        assertThat(complaints(yaml.toString())).singleElement().asString().contains(":2: a reference with *");
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        assertThat(complaints("a: " + "[".repeat(50_000)))
                .singleElement()
                .asString()
                .contains("nested too deep");
        assertThat(complaints("{a: ".repeat(40))).singleElement().asString().contains("nested too deep");
    }

    @Test
    void hugeFileIsRefused() throws IOException {
        assertThat(complaints("#".repeat(2 << 20))).singleElement().asString().contains("too large");
    }

    @Test
    void fileThatIsNotTextIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("runnel.yaml"), "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(complaintsOf(file)).containsExactly(file + ": not UTF-8 text");
        assertThat(complaints("a: \u0007")).singleElement().asString().contains("special characters");
    }

    private List<String> complaints(String yaml) throws IOException {
        return complaintsOf(Files.writeString(folder.resolve("runnel.yaml"), yaml));
    }

    private List<String> complaintsOf(Path file) {
        ConfigReader reader = new ConfigReader(Optional.of(folder), Map.of(), BadConfigurationTest::onlyOneEngine);
        ConfigException exception = catchThrowableOfType(ConfigException.class, () -> reader.read(Optional.of(file)));
        assertThat(exception).isNotNull();
        return exception.complaints();
    }

    private static List<String> onlyOneEngine(ModelConfig model) {
        return model.engine().equals("none") ? List.of("engine: none (expected: x)") : List.of();
    }
}
