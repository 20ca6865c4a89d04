package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.conformance.Suite;
import dev.runnel.conformance.group.AllCases;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.session.Verdict;
import dev.runnel.pem.MadeCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private static final List<ConformService> SERVICES = new ArrayList<>();

    private static Suite plain;
    private static Suite withTls;

    @BeforeAll
    static void start() throws Exception {
        plain = suite(ConformService.start(Files.createDirectory(data.resolve("plain"))));
        withTls = suite(startWithTls(Files.createDirectory(data.resolve("tls"))));
    }

    private static Suite suite(ConformService service) throws IOException {
        SERVICES.add(service);
        return new Suite(new Session(service.setup()));
    }

    private static ConformService startWithTls(Path folder) throws IOException {
        MadeCertificate made = MadeCertificate.of("runnel", "EC");
        Path certificate = Files.writeString(folder.resolve("certificate.pem"), made.certificatePem());
        Files.writeString(folder.resolve("key.pem"), made.keyPem());
        String tls = ", tls: { certificateFile: certificate.pem, keyFile: key.pem }";
        return ConformService.start(folder, tls, Optional.of(certificate));
    }

    @AfterAll
    static void stop() {
        SERVICES.forEach(ConformService::close);
    }

    @TestFactory
    Stream<DynamicTest> serviceKeepsTheSentence() {
        return AllCases.list().stream().map(one -> DynamicTest.dynamicTest(one.id(), () -> check(plain, one)));
    }

    @TestFactory
    Stream<DynamicTest> serviceKeepsTheSentenceWithTls() {
        return AllCases.list().stream().map(one -> DynamicTest.dynamicTest(one.id(), () -> check(withTls, one)));
    }

    private static void check(Suite suite, Case one) {
        Result result = suite.run(one);
        Assumptions.assumeFalse(
                result.verdict() == Verdict.SKIP || result.verdict() == Verdict.INFORM,
                () -> result.verdict().word() + ": " + result.reason());
        assertThat(result.verdict())
                .as("%s%n%s%n%s", one.sentence(), result.reason(), String.join("\n", result.transcript()))
                .isEqualTo(Verdict.PASS);
    }
}
