package dev.runnel;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The floors of the house: which room may use which. The table is drawn in README's architecture section. */
class FloorTest {

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("text", Set.of()),
            Map.entry("config", Set.of("text")),
            Map.entry("message", Set.of("text")),
            Map.entry("engine", Set.of("config", "text")),
            Map.entry("engine.llama", Set.of("engine", "config", "text")),
            Map.entry("engine.openai", Set.of("engine", "config", "text")),
            Map.entry("engine.scripted", Set.of("engine", "config", "text")),
            Map.entry("metric", Set.of()),
            Map.entry("auth", Set.of("config")),
            Map.entry("limit", Set.of("config")),
            Map.entry("generator", Set.of("config", "message", "engine", "metric", "text")),
            Map.entry("http", Set.of("config", "message", "auth", "limit", "metric", "text")));

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.runnel");

    @TestFactory
    Stream<DynamicTest> roomUsesOnlyWhatTheTableAllows() {
        return MAY_USE.entrySet().stream()
                .map(room ->
                        DynamicTest.dynamicTest(room.getKey(), () -> roomUsesOnly(room.getKey(), room.getValue())));
    }

    private static void roomUsesOnly(String room, Set<String> allowed) {
        String[] others = Stream.concat(Stream.of(room), allowed.stream())
                .map(name -> "dev.runnel." + name)
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> forbidden = resideInAPackage("dev.runnel..")
                .and(DescribedPredicate.not(resideInAnyPackage(others)))
                .as("reside in a room that %s may not use (allowed: %s)", room, Arrays.toString(others));
        noClasses()
                .that()
                .resideInAPackage("dev.runnel." + room)
                .should()
                .dependOnClassesThat(forbidden)
                .allowEmptyShould(true)
                .check(HOUSE);
    }

    @Test
    void everyRoomStandsInTheTable() {
        String[] rooms = Stream.concat(
                        Stream.of("dev.runnel"), MAY_USE.keySet().stream().map(r -> "dev.runnel." + r))
                .toArray(String[]::new);
        classes().should().resideInAnyPackage(rooms).check(HOUSE);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.runnel.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    /** {@code http.ClientChannel} is the one place: Vert.x's API cannot get rid of a client that does not read. */
    @Test
    void vertxInternalsAreUsedInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.runnel.http.ClientChannel")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..")
                .check(HOUSE);
    }

    @Test
    void jsonObjectStaysWhereJsonIsSpoken() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.runnel.message", "dev.runnel.http", "dev.runnel.auth", "dev.runnel.engine.openai")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(JsonObject.class, JsonArray.class)
                .check(HOUSE);
    }

    @Test
    void nothingSleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(HOUSE);
    }
}
