package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.Ports;
import dev.runnel.Runnel;
import dev.runnel.auth.KeyRecord;
import dev.runnel.auth.Scope;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class MainTest {

    /** {@code generate} and {@code chat} change the format and the level of the log, which other tests look at. */
    @AfterAll
    static void restoreLog() throws JoranException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        new ContextInitializer(context).autoConfig();
    }

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "serve --help",
                "generate --help",
                "key --help",
                "key issue --help",
                "key revoke --help",
                "key list --help",
                "model pull --help",
                "train --help",
                "conform --help",
                "conform --list --only stream/*"
            })
    void helpIsNoFailure(String line) {
        assertThat(Main.run(line.split(" "))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sreve",
                "serve --prot 1",
                "generate --key x hello",
                "generate --max-tokens 0 hello",
                "generate --temperature 3 hello",
                "generate --url ftp://x hello",
                "generate one two",
                "key issue",
                "model pull",
                "key issue --subject x --expires soon",
                "key issue --subject x --scope admin",
                "key revoke",
                "key list x",
                "serve --ports-file /no/such/folder/ports.json",
                "key",
                "train --seconds 1",
                "train --seconds 301",
                "train --out /no/such/folder/x.aot",
                "conform",
                "conform --key x",
                "conform --url http://127.0.0.1:1",
                "conform --url ftp://127.0.0.1 --key x",
                "conform --list --only no/such/case"
            })
    void wrongUsageIsStatusTwo(String line) {
        assertThat(Main.run(line.split(" "))).isEqualTo(2);
    }

    @Test
    void failureIsStatusOne() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "http: { port: 70000 }\n");

        assertThat(Main.run("serve", "--config", broken.toString())).isEqualTo(1);
        assertThat(Main.run("--config", broken.toString())).isEqualTo(1);
        assertThat(Main.run("serve", "--config", folder.resolve("none.yaml").toString()))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "management"})
    void portThatIsTakenIsAFailureThatNamesIt(String section) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path config = Files.writeString(folder.resolve("taken.yaml"), """
                http: { port: 0 }
                management: { port: 0 }
                warmUp: { duration: 0s }
                defaultModel: scripted
                models: [ { name: scripted, engine: scripted } ]
                """.replace(
                            section + ": { port: 0 }", section + ": { port: " + taken.getLocalPort() + " }"));
            RunnelConfig read = new ConfigReader(Optional.of(folder), Map.of(), model -> List.of())
                    .read(Optional.of(config))
                    .config();

            assertThatThrownBy(() -> Runnel.start(read, EngineListener.SILENT).await(20, TimeUnit.SECONDS))
                    .hasMessage(
                            "%s.host: 127.0.0.1 with %s.port: %d (expected: free to listen on; Address already in use)"
                                    .formatted(section, section, taken.getLocalPort()));
        }
    }

    @Test
    void expectedFailureIsOneLineAndAFaultIsLoggedWithItsStack() {
        var out = new StringWriter();
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        var logger = (Logger) LoggerFactory.getLogger(Main.class);
        logger.addAppender(log);
        var fault = new IllegalStateException("of this test");

        int expected = Main.failed(new CommandFailure("no such plan"), new PrintWriter(out, true));
        int unexpected = Main.failed(fault, new PrintWriter(out, true));
        logger.detachAppender(log);

        assertThat(List.of(expected, unexpected)).containsOnly(1);
        assertThat(out.toString().lines()).containsExactly("no such plan");
        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(((ThrowableProxy) event.getThrowableProxy()).getThrowable())
                        .isSameAs(fault));
    }

    @Test
    void idThatNoKeyCanHaveIsAFailureOfOneLine() {
        var out = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run("key", "revoke", "\u0007")).isEqualTo(1);
        } finally {
            System.setErr(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("(expected: ").doesNotContain("\tat ");
    }

    /** The tests run from folders of classes, and perhaps on a JDK that makes no AOT cache. */
    @Test
    void trainingWithoutAJarOrOnAnOlderJdkIsAFailureOfOneLine() {
        var out = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run("train")).isEqualTo(1);
        } finally {
            System.setErr(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("train: ")
                .contains("(expected: ");
    }

    @Test
    void planThatDoesNotExistIsAFailure() throws IOException {
        Path config = Files.writeString(folder.resolve("plans.yaml"), "plans: [ { name: standard } ]\n");

        assertThat(Main.run("key", "issue", "--subject", "x", "--plan", "gold", "--config", config.toString()))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"::,http://[::]:80", "[::],http://[::]:80", "localhost,http://localhost:80"})
    void printedAddressHasBracketsAroundIpv6Once(String host, String url) {
        assertThat(ServeCommand.url(Optional.empty(), host, 80)).isEqualTo(url);
    }

    @Test
    void scopesAreThoseOfKeys() {
        assertThat(new ScopeConverter().convert("generate")).isEqualTo(Scope.GENERATE);
        assertThat(new ScopeConverter().convert("observe")).isEqualTo(Scope.OBSERVE);
        assertThatThrownBy(() -> new ScopeConverter().convert("Generate"))
                .isInstanceOf(CommandLine.TypeConversionException.class)
                .hasMessageContaining("expected: generate or observe");
    }

    @Test
    void keysAreListedInAlignedColumnsWithoutSpacesAtTheEnd() {
        var ada = new KeyRecord(
                "key_1",
                Optional.of("Ada"),
                Optional.of("standard"),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(KeyCommand.Listing.table(List.of(ada)).lines())
                .containsExactly(
                        "ID     SUBJECT  PLAN      ISSUED  EXPIRES  REVOKED",
                        "key_1  Ada      standard  -       -        -");
    }

    @ParameterizedTest
    @CsvSource({"90d,P90D", "12h,PT12H", "30m,PT30M", "5s,PT5S"})
    void lifetimesHaveAUnit(String text, Duration lifetime) {
        assertThat(new LifetimeConverter().convert(text)).isEqualTo(lifetime);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "90", "0", "0d", "-1d", "1w", "1d12h", "1500ms"})
    void otherLifetimesAreRefused(String text) {
        assertThatThrownBy(() -> new LifetimeConverter().convert(text))
                .isInstanceOf(CommandLine.TypeConversionException.class)
                .hasMessageContaining("expected: a number and d, h, m or s");
    }

    @Test
    void keyIsIssuedWithoutAFolderForTemporaryFiles() throws Exception {
        Process process = withoutTemporaryFolder("key", "issue", "--subject", "x");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output()).isZero();
    }

    @Test
    void listOfKeysReportsADamagedLine() throws Exception {
        Path log = Files.createDirectories(folder.resolve("data")).resolve("keys.jsonl");
        Files.writeString(log, "{\"event\":\"issued\",\"id\":\"key_1\"}\n{\"event\":\"revoked\",\"id\":\n");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-------"));

        Process process = withoutTemporaryFolder("key", "list");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output()).contains(log + ": line 2 cannot be read and may be a revocation", "key_1");
    }

    @Test
    void serviceIsWarmAndClosesWithoutAFolderForTemporaryFiles() throws Exception {
        Path config = Files.writeString(folder.resolve("scripted.yaml"), """
            http: { port: 0 }
            management: { port: 0 }
            warmUp: { duration: 1s }
            defaultModel: scripted
            models: [ { name: scripted, engine: scripted } ]
            """);
        Path ports = folder.resolve("ports.json");

        Process process =
                withoutTemporaryFolder("serve", "--config", config.toString(), "--ports-file", ports.toString());
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(ports) || !process.isAlive());
        process.destroy();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output()).isZero();
        assertThat(ports).exists();
        assertThat(output()).contains("Runnel is ready on").doesNotContain("the warm-up failed");
    }

    private Process withoutTemporaryFolder(String... arguments) throws IOException {
        Path noFolder = Files.createFile(folder.resolve("not-a-folder"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + noFolder,
                // The service's own, which logs to the console: the tests' logs to a file that the tests share.
                "-Dlogback.configurationFile=" + Main.class.getResource("/logback.xml"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("RUNNEL_DATA", folder.resolve("data").toString());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    @Test
    void portsFileIsWholeOnceItIsThere() throws IOException {
        Path file = folder.resolve("ports.json");

        new Ports(8080, 8081).writeTo(file);

        assertThat(file).hasContent("{\"http\":8080,\"management\":8081}");
        assertThat(Ports.readFrom(file)).isEqualTo(new Ports(8080, 8081));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void portsFileThatCannotBeReplacedLeavesNoOtherFile() throws IOException {
        Path file = Files.createDirectories(folder.resolve("ports.json/full")).getParent();

        assertThatThrownBy(() -> new Ports(8080, 8081).writeTo(file)).isInstanceOf(IOException.class);

        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }
}
