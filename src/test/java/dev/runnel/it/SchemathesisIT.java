package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.openapi.Description;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program schemathesis generates requests from the description of the API and sends them to the packaged jar. Each
 * answer is one that the description has. With {@code -Drunnel.requests=10000} it sends more.
 */
class SchemathesisIT {

    private static final int REQUESTS = Integer.getInteger("runnel.requests", 1000);

    /** Of one run, for each operation and besides those of other phases: about 2000 requests in all. */
    private static final int EXAMPLES = 10;

    private static final Path HOOKS =
            Path.of("src/test/python/schemathesis_hooks.py").toAbsolutePath();

    @TempDir
    private Path data;

    @Test
    void generatedRequestsFindNoAnswerThatIsNotDescribed() throws Exception {
        Needed.program("Python with schemathesis", "python3", "-c", "import schemathesis");
        try (RunningService service = RunningService.start(Launch.JAR, """
                defaultModel: smollm2-135m-instruct
                models:
                  - { name: smollm2-135m-instruct, engine: scripted, text: "Once upon a time" }
                plans: [ { name: unlimited } ]
                """, data)) {
            int sent = 0;
            for (int seed = 1; sent < REQUESTS; seed++) {
                sent += requests(service, seed);
            }
        }
    }

    /** Sends the requests of a seed, and returns how many these were. */
    private int requests(RunningService service, int seed) throws IOException, InterruptedException {
        Path report = data.resolve("report-" + seed + ".json");
        String printed = run(service, seed, report);
        assertThat(report).as(printed).exists();
        JsonNode found = new ObjectMapper().readTree(report.toFile());

        assertThat(found.path("failures")).as(printed).isEmpty();
        assertThat(found.path("errors")).as(printed).isEmpty();
        assertThat(found.path("complete").asBoolean()).as(printed).isTrue();
        // All but GET /openapi.yaml itself.
        assertThat(found.at("/operations/tested").asInt())
                .isEqualTo(Description.read().operations().size() - 1);
        int sent = found.at("/test_cases/generated").asInt();
        assertThat(sent).isPositive();
        return sent;
    }

    private String run(RunningService service, int seed, Path report) throws IOException, InterruptedException {
        Path printed = data.resolve("printed.txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "python3",
                        "-m",
                        "schemathesis.cli",
                        "run",
                        service.url() + "/openapi.yaml",
                        "--header",
                        "Authorization: Bearer " + service.key(),
                        "--max-examples",
                        Integer.toString(EXAMPLES),
                        "--seed",
                        Integer.toString(seed),
                        // Some rules are beyond a schema: that the last message is the user's, for example.
                        "--exclude-checks",
                        "positive_data_acceptance",
                        "--generation-database",
                        "none",
                        "--report-json-path",
                        report.toString(),
                        "--no-color"))
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        builder.environment().put("SCHEMATHESIS_HOOKS", HOOKS.toString());
        builder.start().waitFor();
        return Files.readString(printed);
    }
}
