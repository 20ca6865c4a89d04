package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.it.TerminalRun.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code chat} and {@code generate} of the packaged jar, on a pseudo-terminal and in pipes. */
class TerminalIT {

    private static final String PROMPT = ">>> ";
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String CONFIG = """
        http: { port: 0 }
        management: { port: 0 }
        warmUp: { duration: 0 }
        defaultModel: story
        models:
          - { name: story, engine: scripted, text: "Once upon a time" }
          - { name: slow, engine: scripted, text: "tick tock ", repeat: true, interval: 50ms }
          - { name: halting, engine: scripted, text: "hm so", stallAfter: 1 }
          - { name: echo, engine: scripted, echo: true }
          - { name: hostile, engine: scripted, pieces: [ "a\\e[2Jb", "\\e]52;c;eA==\\a", "\\u202ec" ] }
        """;

    @TempDir
    Path folder;

    private Map<String, String> environment;

    @BeforeEach
    void configure() throws Exception {
        Needed.program("python3", "python3", "-c", "import pty");
        Path config = Files.writeString(folder.resolve("terminal.yaml"), CONFIG);
        environment = new HashMap<>(Map.of(
                "RUNNEL_CONFIG",
                config.toString(),
                "RUNNEL_DATA",
                folder.resolve("data").toString(),
                "TERM",
                "xterm-256color",
                "LC_ALL",
                "C"));
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("runnel.jar")));
        command.addAll(List.of(arguments));
        return command;
    }

    private TerminalRun onTerminal(String... arguments) {
        return new TerminalRun(environment, command(arguments));
    }

    private static void assertEnded(Result result, int status) {
        assertThat(result.status()).as("%s%s", result.driver(), result.text()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xterm-256color", "dumb"})
    void ctrlCStopsWhatRunsAndCtrlDLeaves(String type) throws Exception {
        environment.put("TERM", type);

        Result result = onTerminal("chat", "--model", "slow")
                .expect(PROMPT)
                .enter("go\r")
                .expect("tick tock")
                .resize(10, 20)
                .expect("tick tock")
                .enter(CTRL_C)
                .expect("Stopped.")
                .expect(PROMPT)
                .enter("/model halting\r")
                .expect("The model is halting.")
                .expect(PROMPT)
                .enter("x\r")
                .expect("hm")
                .enter(CTRL_C)
                .expect("Stopped.")
                .expect(PROMPT)
                .enter("half a text" + CTRL_C)
                .expect(PROMPT)
                .enter("/model echo\r")
                .expect("The model is echo.")
                .expect(PROMPT)
                .enter("Größe 🦊 \\\r")
                .expect("... ")
                .enter("日本\r")
                .expect("Größe 🦊 \r\n日本")
                .expect(PROMPT)
                .enter(CTRL_D)
                .run();

        assertEnded(result, 0);
    }

    @Test
    void controlSequencesOfAModelDoNotReachTheTerminal() throws Exception {
        Result result = onTerminal("chat", "--model", "hostile")
                .expect(PROMPT)
                .enter("x\r")
                .expect("a␛[2Jb␛]52;c;eA==␇\uFFFDc")
                .expect(PROMPT)
                .enter("/quit\r")
                .run();

        assertEnded(result, 0);
        assertThat(result.text()).doesNotContain("\u001b[2J", "\u001b]52", "\u202e");
    }

    @Test
    void generateStopsAtCtrlCWhileItStreamsWaitsOrReadsItsPrompt() throws Exception {
        assertEnded(
                onTerminal("generate", "--model", "slow", "--max-tokens", "4096", "x")
                        .expect("tick tock")
                        .enter(CTRL_C)
                        .run(),
                130);
        assertEnded(
                onTerminal("generate", "--model", "halting", "x")
                        .expect("hm")
                        .enter(CTRL_C)
                        .run(),
                130);
        assertEnded(
                onTerminal("generate", "--model", "halting")
                        .expect("Enter the prompt")
                        .enter(CTRL_C)
                        .run(),
                130);
    }

    /** A program in the place of Python: as pip it downloads forever. */
    @ParameterizedTest
    @ValueSource(strings = {"chat", "generate x"})
    void ctrlCWhileTheModelIsFetchedEndsTheCommand(String line) throws Exception {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        Path python = Files.writeString(programs.resolve("python3"), """
            #!/bin/sh
            case "$*" in *--version*) exit 0 ;; esac
            echo "pip downloads" > /dev/tty
            exec sleep 600
            """);
        assertThat(python.toFile().setExecutable(true)).isTrue();
        environment.put("PATH", programs + ":" + System.getenv("PATH"));
        Path config = Files.writeString(folder.resolve("fetched.yaml"), """
            defaultModel: fetched
            models:
              - name: fetched
                engine: llama
                sources: [ { pip: { package: tiny, version: "1.0", member: a.gguf } } ]
                unchecked: true
            """);
        environment.put("RUNNEL_CONFIG", config.toString());

        Result result = onTerminal(line.split(" "))
                .expect("pip downloads")
                .enter(CTRL_C)
                .run();

        assertEnded(result, 130);
        assertThat(result.text()).doesNotContain("Exception");
    }

    @Test
    void runningServiceOfTheDataDirectoryNeedsNoKey() throws Exception {
        try (JarProcess service = JarProcess.serve(environment)) {
            environment.put(
                    "RUNNEL_URL", "http://127.0.0.1:" + service.awaitPorts().http());

            Result result = onTerminal("chat")
                    .expect(PROMPT)
                    .enter("/model\r")
                    .expect("* story")
                    .expect(PROMPT)
                    .enter("hello\r")
                    .expect("Once upon a time")
                    .expect(PROMPT)
                    .enter(CTRL_D)
                    .run();

            assertEnded(result, 0);
            environment.put("RUNNEL_KEY", "wrong");
            Shell refused = shell("$GENERATE hello");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.text()).contains("RUNNEL_KEY").doesNotContain("wrong");
            assertThat(service.terminate()).isZero();
        }
    }

    private record Shell(int status, String text) {}

    /** Runs a line of bash in which {@code $GENERATE} and {@code $CHAT} are the commands. */
    private Shell shell(String line) throws Exception {
        String whole = line.replace("$GENERATE", quoted("generate")).replace("$CHAT", quoted("chat"));
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", whole);
        builder.environment().keySet().removeIf(name -> name.startsWith("RUNNEL_"));
        builder.environment().putAll(environment);
        Process shell = builder.redirectErrorStream(true).start();
        String text = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Shell(shell.waitFor(), text);
    }

    private static String quoted(String name) {
        return "'" + String.join("' '", command(name)) + "'";
    }

    @Test
    void promptComesFromTheArgumentOrFromStandardInput() throws Exception {
        assertThat(shell("$GENERATE 'Tell me a story'")).isEqualTo(new Shell(0, "Once upon a time\n"));
        assertThat(shell("echo 'Größe 🦊' | $GENERATE --model echo -")).isEqualTo(new Shell(0, "Größe 🦊\n"));
        assertThat(shell("$GENERATE --model echo </dev/null").status()).isEqualTo(2);
        assertThat(shell("$GENERATE --key secret x").status()).isEqualTo(2);
        assertThat(shell("$GENERATE --key secret x").text()).doesNotContain("secret");
    }

    @Test
    void jsonIsOneDocumentThatNoTerminalObeys() throws Exception {
        Shell shell = shell("$GENERATE --json --model hostile x");

        assertThat(shell.status()).isZero();
        assertThat(shell.text())
                .startsWith("{\"id\":\"gen_")
                .contains("\"text\":\"a\\u001B[2Jb\\u001B]52;c;eA==\\u0007\\u202Ec\"", "\"model\":\"hostile\"}\n")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    void closedPipeEndsGenerateWithoutAMessage() throws Exception {
        Shell shell = shell("$GENERATE --model slow --max-tokens 4096 x | head -c 4; echo \" ${PIPESTATUS[0]}\"");

        assertThat(shell.text()).isEqualTo("tick 0\n");
    }

    @Test
    void closedPipeEndsChatWithoutAMessage() throws Exception {
        Shell shell = shell("echo x | $CHAT --model slow --max-tokens 4096 | head -c 4; echo \" ${PIPESTATUS[1]}\"");

        assertThat(shell.text()).isEqualTo("tick 0\n");
    }

    @Test
    void chatWithoutATerminalAnswersEachLine() throws Exception {
        Shell shell = shell("printf 'one\\n/model echo\\ntwo\\n' | $CHAT");

        assertThat(shell.text()).isEqualTo("Once upon a time\nThe model is echo.\ntwo\n");
    }
}
