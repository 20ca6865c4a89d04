package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.conformance.Selection;
import dev.runnel.conformance.Suite;
import dev.runnel.conformance.group.AllCases;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.session.Setup;
import dev.runnel.conformance.session.Verdict;
import dev.runnel.pem.MadeCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The service keeps the contract, case by case. */
class ConformanceIT {

    /** The cases whose answers depend on what generates the text. */
    private static final Selection TEXTS = Selection.of(
            List.of("request/*/accepts-*", "request/stop/*", "stream/*", "resume/cursor/*", "resume/key/*-then-*"),
            List.of());

    /** The cases in which TLS may make a difference. */
    private static final Selection CONNECTIONS = Selection.of(
            List.of(),
            List.of("request/*", "limit/*", "models/*", "route/*", "slow/*", "resume/cursor/*", "resume/key/*"));

    /** Why cases of the service with every key and model are skipped. A probe with a wrong answer is another reason. */
    private static final Set<String> MISSING = Set.of("the address is not https", "the address is https");

    @TempDir
    static Path data;

    private static final List<ConformService> SERVICES = new ArrayList<>();

    private static Suite plain;
    private static Suite withTls;
    private static Suite tiny;
    private static Suite relay;
    private static WordUpstream upstream;

    @BeforeAll
    static void start() throws Exception {
        upstream = WordUpstream.start();
        ConformService service = ConformService.start(Files.createDirectory(data.resolve("plain")), upstream);
        plain = suite(service);
        tiny = new Suite(new Session(service.setup(Map.of(ModelRole.TEXT, "tiny"))));
        relay = new Suite(new Session(service.setup(Map.of(ModelRole.TEXT, "relayed", ModelRole.UNICODE, "relayed"))));
        Path folder = Files.createDirectory(data.resolve("tls"));
        withTls = suite(ConformService.startWithTls(folderWithCertificate(folder)));
    }

    private static Suite suite(ConformService service) throws IOException {
        SERVICES.add(service);
        return new Suite(new Session(service.setup()));
    }

    private static Path folderWithCertificate(Path folder) throws IOException {
        MadeCertificate made = MadeCertificate.of("runnel", "EC");
        Files.writeString(folder.resolve("certificate.pem"), made.certificatePem());
        Files.writeString(folder.resolve("key.pem"), made.keyPem());
        return folder;
    }

    @AfterAll
    static void stop() {
        SERVICES.forEach(ConformService::close);
        upstream.close();
    }

    @TestFactory
    Stream<DynamicTest> serviceKeepsTheSentence() {
        return tests(plain, AllCases.list(), MISSING::contains);
    }

    @TestFactory
    Stream<DynamicTest> serviceKeepsTheSentenceWithTls() {
        return tests(withTls, CONNECTIONS.of(AllCases.list()), MISSING::contains);
    }

    @TestFactory
    Stream<DynamicTest> modelOfLlamaKeepsTheSentence() {
        return tests(tiny, TEXTS.of(AllCases.list()), reason -> true);
    }

    @TestFactory
    Stream<DynamicTest> relayedModelKeepsTheSentence() {
        return tests(relay, TEXTS.of(AllCases.list()), reason -> true);
    }

    private static Stream<DynamicTest> tests(Suite suite, List<Case> cases, Predicate<String> mayBeMissing) {
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.id(), () -> check(suite, one, mayBeMissing)));
    }

    @Test
    void packagedCommandReportsInTapAndXml() throws Exception {
        Path report = data.resolve("report.xml");
        Setup setup = SERVICES.get(0).setup();
        try (JarProcess process = JarProcess.run(
                Map.of("RUNNEL_KEY", setup.keys().get(KeyRole.MAIN)),
                "conform",
                "--url",
                setup.target().base().toString(),
                "--only",
                "stream/text/*",
                "--report",
                report.toString())) {
            assertThat(process.exitStatus()).as(process.err()).isZero();
            assertThat(process.out()).startsWith("TAP version 14").contains("ok 1 - stream/text/sum");
            assertThat(report).content().contains("<testsuite", "failures=\"0\"");
        }
    }

    private static void check(Suite suite, Case one, Predicate<String> mayBeMissing) {
        Result result = suite.run(one);
        assertThat(result.reason()).as("the service keeps its connections").doesNotContain("Connection: close");
        Assumptions.assumeFalse(
                result.verdict() == Verdict.SKIP && mayBeMissing.test(result.reason()),
                () -> "skip: " + result.reason());
        Assumptions.assumeFalse(result.verdict() == Verdict.INFORM, () -> "inform: " + result.reason());
        assertThat(result.verdict())
                .as("%s%n%s%n%s", one.sentence(), result.reason(), String.join("\n", result.transcript()))
                .isEqualTo(Verdict.PASS);
    }
}
