package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.conformance.Suite;
import dev.runnel.conformance.group.AllCases;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.session.Verdict;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The service keeps the contract, case by case. */
class ConformanceIT {

    @TempDir
    static Path data;

    private static ConformService service;
    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        service = ConformService.start(data);
        suite = new Suite(new Session(service.setup()));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @TestFactory
    Stream<DynamicTest> serviceKeepsTheSentence() {
        return AllCases.list().stream().map(one -> DynamicTest.dynamicTest(one.id(), () -> check(one)));
    }

    private static void check(Case one) {
        Result result = suite.run(one);
        Assumptions.assumeFalse(
                result.verdict() == Verdict.SKIP || result.verdict() == Verdict.INFORM,
                () -> result.verdict().word() + ": " + result.reason());
        assertThat(result.verdict())
                .as("%s%n%s%n%s", one.sentence(), result.reason(), String.join("\n", result.transcript()))
                .isEqualTo(Verdict.PASS);
    }
}
