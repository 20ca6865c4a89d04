package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.auth.Scope;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.openapi.Description;
import dev.runnel.openapi.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The description has the endpoints that the handlers declare, and the reverse. */
@ExtendWith(PlayedService.class)
class DescribedEndpointsTest {

    private static final Pattern VERSION = Pattern.compile("<artifactId>runnel</artifactId>\\s*<version>([0-9.]+)");

    private final Description description = Description.read();
    private final List<Endpoint> endpoints;

    DescribedEndpointsTest(TestService service) throws Exception {
        this.endpoints = service.endpoints();
    }

    private static String name(Endpoint endpoint) {
        return endpoint.method() + " " + endpoint.path().replaceAll(":(\\w+)", "{$1}");
    }

    private Operation described(Endpoint endpoint) {
        return description.operations().stream()
                .filter(operation -> operation.toString().equals(name(endpoint)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyEndpointIsDescribedAndTheReverse() {
        assertThat(description.operations().stream().map(Operation::toString))
                .containsExactlyInAnyOrderElementsOf(
                        endpoints.stream().map(DescribedEndpointsTest::name).toList());
    }

    @Test
    void endpointsUnderV1NeedAKeyWithTheirScope() {
        assertThat(endpoints).allSatisfy(endpoint -> {
            Operation operation = described(endpoint);
            assertThat(operation.needsKey()).isEqualTo(endpoint.path().startsWith("/v1/"));
            assertThat(operation.scopes())
                    .containsExactlyElementsOf(
                            endpoint.scope().map(Scope::claimName).stream().toList());
        });
    }

    @Test
    void errorsHaveTheDeclaredForm() {
        assertThat(endpoints).allSatisfy(endpoint -> {
            String unauthorized =
                    described(endpoint).node().at("/responses/401/$ref").asText();
            String form = unauthorized.replaceAll("^.*/|Unauthorized$", "");
            assertThat(form)
                    .as(name(endpoint))
                    .isEqualTo(
                            switch (endpoint.errorForm()) {
                                case JSON -> "";
                                case EVENT -> "Stream";
                                case OPENAI -> "OpenAi";
                            });
        });
        assertThat(ErrorForm.values()).hasSize(3);
    }

    @Test
    void versionIsThatOfTheBuild() throws Exception {
        var version = VERSION.matcher(Files.readString(Path.of("pom.xml")));

        assertThat(version.find()).isTrue();
        assertThat(description.root().at("/info/version").asText()).isEqualTo(version.group(1));
    }

    /** Without these, a tool could not name the operations. */
    @Test
    void everyOperationHasANameATagAndASummary() {
        assertThat(description.operations())
                .allSatisfy(operation -> assertThat(operation.node().fieldNames())
                        .toIterable()
                        .contains("operationId", "tags", "summary"))
                .extracting(operation -> operation.node().path("operationId").asText())
                .doesNotHaveDuplicates();
    }
}
