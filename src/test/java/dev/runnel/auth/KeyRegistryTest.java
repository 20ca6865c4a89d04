package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.auth.KeyRegistry.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRegistryTest {

    @TempDir
    private Path data;

    private final ManualClock clock = new ManualClock();

    @Test
    void listHasIssuedAndRevokedKeys() {
        KeyRegistry registry = registry();
        Instant issued = clock.instant();
        record(registry, "key_a");
        record(registry, "key_b");
        clock.pass(Duration.ofMinutes(1));

        assertThat(registry.revoke("key_a")).isEqualTo(Outcome.REVOKED);

        assertThat(registry().list())
                .containsExactly(
                        keyRecord("key_a", issued, Optional.of(clock.instant())),
                        keyRecord("key_b", issued, Optional.empty()));
    }

    @Test
    void secondRevocationChangesNothing() {
        KeyRegistry registry = registry();
        record(registry, "key_a");
        registry.revoke("key_a");
        List<KeyRecord> before = registry.list();
        clock.pass(Duration.ofMinutes(1));

        assertThat(registry.revoke("key_a")).isEqualTo(Outcome.REVOKED_BEFORE);
        assertThat(registry.list()).isEqualTo(before);
    }

    @Test
    void keyWithoutAnEntryCanBeRevoked() {
        assertThat(registry().revoke("https://id.example/key 1")).isEqualTo(Outcome.REVOKED_UNKNOWN);
        assertThat(registry().list()).singleElement().satisfies(key -> {
            assertThat(key.id()).isEqualTo("https://id.example/key 1");
            assertThat(key.subject()).isEmpty();
            assertThat(key.revokedAt()).contains(clock.instant());
        });
    }

    @Test
    void idThatCannotBeOneIsRefused() {
        assertThatThrownBy(() -> registry().revoke("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry().revoke("a\nb")).isInstanceOf(IllegalArgumentException.class);
        assertThat(registry().list()).isEmpty();
    }

    @Test
    void fileIsForItsOwnerAndContainsNoKey() throws IOException {
        registry().recordIssued(new IssuedKey("the-token-itself", "key_a", clock.instant()), request());

        Path file = data.resolve(KeyRegistry.FILE_NAME);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).contains("key_a").doesNotContain("the-token-itself");
    }

    @Test
    void brokenLineHarmsNoOtherLine() throws IOException {
        KeyRegistry registry = registry();
        record(registry, "key_a");
        Files.writeString(
                data.resolve(KeyRegistry.FILE_NAME), "{\"event\":\"issued\",\"id\":\"ke", StandardOpenOption.APPEND);

        registry.revoke("key_a");
        record(registry, "key_b");

        assertThat(registry.list()).extracting(KeyRecord::id).containsExactly("key_a", "key_b");
        assertThat(registry.list().get(0).revokedAt()).isPresent();
    }

    @Test
    void eventsOfALaterVersionAreIgnored() throws IOException {
        writeLog("""
                {"event":"rotated","id":"x","reason":{"code":[7]}}

                {"event":"revoked","id":"key_z","at":99999999999999999}
                {"event":"issued","id":"key_ä","subject":"Zoë"}
                """);

        KeyRegistry.Contents contents = registry().read();

        assertThat(contents.keys()).extracting(KeyRecord::id).containsExactly("key_z", "key_ä");
        assertThat(contents.problems()).isEmpty();
        assertThat(contents.mayLackRevocations()).isFalse();
    }

    @Test
    void revocationHoldsWhateverItsOtherMembersAre() throws IOException {
        writeLog("""
                {"event":"revoked","id":"key_text","at":"yesterday"}
                {"event":"revoked","id":"key_list","at":[[1]],"expires":{"a":1}}
                {"event":"revoked","id":"key_huge","at":1e300,"expires":99999999999999999999999}
                {"event":"revoked","id":"key_new","at":1,"subject":{"name":[]},"reason":{"code":[7]}}
                """);

        assertThat(registry().list())
                .allSatisfy(key -> assertThat(key.revokedAt()).isPresent())
                .extracting(KeyRecord::id)
                .containsExactly("key_text", "key_list", "key_huge", "key_new");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'event':'revoked','id':'key_a','id':'key_b'}",
                "{'event':'revoked','id':'key_c'} {'event':'revoked','id':'key_d'}",
                "{'event':'revoked','id':'ke",
                "{'event':'revoked','id':7}",
                "{'event':'revokee','id':'key_a'",
                "{'event':'issued','id':'ke{'event':'revoked','id':'key_a'}",
                "{'event':7,'id':'x'}",
                "{'id':'x'}",
                "null",
                "'revoked'",
                "[]",
                "not json ä"
            })
    void lineThatMayBeARevocationIsReportedByItsNumber(String line) throws IOException {
        writeLog("{'event':'issued','id':'key_1'}\n\n".replace('\'', '"') + line.replace('\'', '"') + "\n");

        KeyRegistry.Contents contents = registry().read();

        assertThat(contents.keys()).extracting(KeyRecord::id).containsExactly("key_1");
        assertThat(contents.mayLackRevocations()).isTrue();
        assertThat(contents.problems())
                .singleElement()
                .asString()
                .startsWith(data.resolve(KeyRegistry.FILE_NAME) + ": line 3 cannot be read and may be a revocation");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'event':'issued','id':'ke", "{'event':'issued'}", "{'event':'issued','id':'a','id':'b'}"})
    void damagedIssueIsReportedAndLacksNoRevocation(String line) throws IOException {
        writeLog(line.replace('\'', '"') + "\n");

        KeyRegistry.Contents contents = registry().read();

        assertThat(contents.mayLackRevocations()).isFalse();
        assertThat(contents.problems())
                .singleElement()
                .asString()
                .contains(": line 1 cannot be read. It was the issue");
    }

    @Test
    void damagedLineBeyondTheLimitsOfTheParserIsReported() throws IOException {
        writeLog("{\"event\":\"revoked\",\"more\":" + "[".repeat(2000) + "]".repeat(2000) + ",\"id\":\"key_a\"}\n");

        assertThat(registry().read().mayLackRevocations()).isTrue();
    }

    @Test
    void reportOfManyDamagedLinesIsShortAndShowsNoContent() throws IOException {
        writeLog("secret\n".repeat(500));

        assertThat(registry().read().problems())
                .singleElement()
                .asString()
                .contains("line 1, line 2, ", "line 10 and 490 more cannot be read")
                .doesNotContain("secret\n", "line 11");
    }

    @Test
    void lastLineWithoutAnEndIsDamagedOnceItIsSettled() throws IOException {
        writeLog("{\"event\":\"revoked\",\"id\":\"key_a\"}\n{\"event\":\"revo");

        assertThat(registry().read(false).problems()).isEmpty();
        assertThat(registry().read(false).isUnfinished()).isTrue();
        assertThat(registry().read(true).problems()).singleElement().asString().contains("line 2");
        assertThat(registry().read().mayLackRevocations()).isTrue();
    }

    @Test
    void lastLineWithoutAnEndThatIsWholeCounts() throws IOException {
        writeLog("{\"event\":\"revoked\",\"id\":\"key_a\"}");

        assertThat(registry().read().problems()).isEmpty();
        assertThat(registry().list()).extracting(KeyRecord::id).containsExactly("key_a");
    }

    @Test
    void missingFileBesideASecretIsReported() throws IOException {
        assertThat(registry().read().problems()).isEmpty();

        SigningSecret.open(Optional.empty(), data);
        assertThat(registry().read().problems()).isEmpty();

        Files.delete(data.resolve(KeyRegistry.FILE_NAME));
        assertThat(registry().read().problems()).singleElement().asString().contains("keys.jsonl: missing, although");
    }

    @Test
    void fileThatOthersMayUseIsNeitherReadNorWritten() throws IOException {
        KeyRegistry registry = registry();
        record(registry, "key_a");
        Path file = data.resolve(KeyRegistry.FILE_NAME);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        String before = Files.readString(file);

        assertThatThrownBy(registry::list)
                .isInstanceOf(AuthSetupException.class)
                .hasMessageContaining("rw-rw----")
                .hasMessageContaining("chmod 600")
                .hasMessageContaining("fsGroupChangePolicy: OnRootMismatch");
        assertThatThrownBy(() -> record(registry, "key_b")).isInstanceOf(AuthSetupException.class);
        assertThat(file).hasContent(before);
    }

    @Test
    void markChangesWithEveryLineAndWithTheFile() throws IOException {
        KeyRegistry registry = registry();
        Set<Object> marks = new HashSet<>();
        marks.add(registry.mark());
        record(registry, "key_a");
        marks.add(registry.mark());
        record(registry, "key_b");
        marks.add(registry.mark());
        registry.list();

        assertThat(marks).hasSize(3).contains(registry.mark());
        Files.delete(data.resolve(KeyRegistry.FILE_NAME));
        assertThat(registry.mark()).isEqualTo(Optional.empty());
    }

    @Test
    void fileOfManyMegabytesWithAnEndlessLineIsRead() throws IOException {
        StringBuilder lines = new StringBuilder("x".repeat(3 << 20)).append('\n');
        IntStream.range(0, 50_000)
                .forEach(n -> lines.append("{\"event\":\"revoked\",\"id\":\"k")
                        .append(n)
                        .append("\"}\n"));
        writeLog(lines.toString());

        assertThat(registry().list()).hasSize(50_000);
    }

    @Test
    void threadsLoseNoLine() throws Exception {
        Callable<Void> work = () -> {
            addMany(data, "t" + Thread.currentThread().getId(), 100);
            return null;
        };
        var pool = Executors.newFixedThreadPool(6);
        List<Future<Void>> done =
                pool.invokeAll(IntStream.range(0, 6).mapToObj(i -> work).toList());
        pool.shutdown();
        for (Future<Void> one : done) {
            one.get();
        }

        assertThat(registry().list()).hasSize(600);
    }

    @Test
    void processesLoseNoLine() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            java,
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Adder.class.getName(),
                            data.toString(),
                            "p" + i)
                    .redirectErrorStream(true)
                    .redirectOutput(data.resolve("process" + i + ".log").toFile())
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }

        assertThat(registry().list()).hasSize(300);
    }

    /** Another process. */
    static final class Adder {

        public static void main(String[] args) {
            addMany(Path.of(args[0]), args[1], 100);
        }
    }

    private static void addMany(Path data, String name, int count) {
        KeyRegistry registry = new KeyRegistry(data, new ManualClock());
        IntStream.range(0, count).forEach(i -> record(registry, name + "_" + i));
    }

    private void writeLog(String lines) throws IOException {
        registry().create();
        Files.writeString(data.resolve(KeyRegistry.FILE_NAME), lines);
    }

    private static void record(KeyRegistry registry, String id) {
        Instant end = new ManualClock().instant().plus(Duration.ofDays(1));
        registry.recordIssued(new IssuedKey("token", id, end), request());
    }

    private static KeyRequest request() {
        return new KeyRequest("Zoë", "standard", Set.of(Scope.OBSERVE), Duration.ofDays(1));
    }

    private static KeyRecord keyRecord(String id, Instant issued, Optional<Instant> revoked) {
        return new KeyRecord(
                id,
                Optional.of("Zoë"),
                Optional.of("standard"),
                Set.of(Scope.OBSERVE),
                Optional.of(issued),
                Optional.of(issued.plus(Duration.ofDays(1))),
                revoked);
    }

    private KeyRegistry registry() {
        return new KeyRegistry(data, clock);
    }
}
