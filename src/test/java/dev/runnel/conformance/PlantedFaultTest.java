package dev.runnel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.conformance.group.AllCases;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.session.Setup;
import dev.runnel.conformance.session.Verdict;
import dev.runnel.conformance.wire.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite finds each fault of a server by the case that names the broken sentence. */
class PlantedFaultTest {

    private static final Map<KeyRole, String> KEYS = Map.of(
            KeyRole.MAIN, "main-key-of-ada",
            KeyRole.SECOND, "second-key-of-ada",
            KeyRole.OTHER, "other-key-of-bob",
            KeyRole.CONCURRENT, "narrow-of-dee");

    private static final Map<ModelRole, String> MODELS = Map.of(
            ModelRole.UNICODE, "echo",
            ModelRole.SLOW, "slow",
            ModelRole.SINGLE, "single",
            ModelRole.FAILING, "failing",
            ModelRole.DEAD, "dead");

    private static List<Result> run(Fault fault, String... ids) throws IOException {
        List<Case> cases = Selection.of(Arrays.asList(ids), List.of()).of(AllCases.list());
        try (ReferenceServer server = ReferenceServer.start(fault)) {
            Target target = new Target(server.url(), Optional.empty(), Duration.ofSeconds(3));
            Suite suite = new Suite(new Session(new Setup(target, KEYS, MODELS, Optional.empty(), true)));
            return cases.stream().map(suite::run).toList();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void faultIsFoundByTheCaseOfItsSentence(Fault fault) throws Exception {
        List<Result> results = run(fault, fault.caseId());

        assertThat(results).hasSize(1);
        assertThat(results.get(0).verdict()).as(results.get(0).reason()).isEqualTo(Verdict.FAIL);
        assertThat(results.get(0).of().sentence()).isNotBlank();
        assertThat(results.get(0).transcript()).isNotEmpty().noneMatch(line -> line.contains("key-of-ada"));
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void serverWithoutTheFaultPassesItsCase(Fault fault) throws Exception {
        assertThat(run(Fault.NONE, fault.caseId())).allSatisfy(PlantedFaultTest::passes);
    }

    @Test
    void serverWithoutAFaultPassesEveryCaseOfResuming() throws Exception {
        List<Result> results = run(Fault.NONE, "resume/*", "stream/text/*");

        assertThat(results)
                .hasSizeGreaterThan(60)
                .filteredOn(result -> result.verdict() != Verdict.SKIP)
                .hasSizeGreaterThan(60)
                .allSatisfy(PlantedFaultTest::passes);
    }

    private static void passes(Result result) {
        assertThat(result.verdict())
                .as("%s: %s%n%s", result.of().id(), result.reason(), String.join("\n", result.transcript()))
                .isEqualTo(Verdict.PASS);
    }
}
