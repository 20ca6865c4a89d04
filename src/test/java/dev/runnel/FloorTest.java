package dev.runnel;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.runnel.config.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The floors of the house: which room may use which, as the table of the page architecture.md has it. */
class FloorTest {

    private static final Path PAGE = Path.of("src", "site", "markdown", "architecture.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([^`]+)` \\| ((?:`[^`]+`(?:, )?)+|no other room) \\|$");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** In the order of the page: a room may use only rooms below it. */
    private static final Map<String, Set<String>> MAY_USE = readPage();

    private static final Set<String> NAME_COMPARERS = Set.of(
            "Algorithm", "ClaimRules", "DamagedLine", "Jwk", "JwkSource", "KeyEvent", "KeyRegistry", "PublicKeys");

    private static final Set<String> REGULAR_EXPRESSIONS = Set.of(
            "Token",
            "ClaimRules",
            "GenerationIds",
            "ScriptedEngine",
            "Credentials",
            "Pem",
            "Platform",
            "Script",
            "UpstreamSettings");

    /** They split at one plain character, for which {@code split} uses no regular expression. */
    private static final Set<String> PLAIN_SPLITTERS = Set.of("Scope", "FileAnswer");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.runnel");

    private static Map<String, Set<String>> readPage() {
        try {
            Map<String, Set<String>> rooms = new LinkedHashMap<>();
            ROW.matcher(Files.readString(PAGE)).results().forEach(row -> rooms.put(row.group(1), names(row.group(2))));
            return rooms;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell).results().map(name -> name.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void roomMayUseOnlyRoomsBelowIt() {
        List<String> floors = List.copyOf(MAY_USE.keySet());

        assertThat(MAY_USE).isNotEmpty();
        MAY_USE.forEach((room, allowed) -> assertThat(floors.subList(floors.indexOf(room) + 1, floors.size()))
                .as(room)
                .containsAll(allowed));
    }

    @TestFactory
    Stream<DynamicTest> roomUsesOnlyWhatTheTableAllows() {
        return MAY_USE.entrySet().stream()
                .map(room ->
                        DynamicTest.dynamicTest(room.getKey(), () -> roomUsesOnly(room.getKey(), room.getValue())));
    }

    private static void roomUsesOnly(String room, Set<String> allowed) {
        String[] others = Stream.concat(Stream.of(room), allowed.stream())
                .map(FloorTest::packageOf)
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> forbidden = resideInAPackage("dev.runnel..")
                .and(DescribedPredicate.not(resideInAnyPackage(others)))
                .as("reside in a room that %s may not use (allowed: %s)", room, Arrays.toString(others));
        noClasses()
                .that()
                .resideInAPackage(packageOf(room))
                .should()
                .dependOnClassesThat(forbidden)
                .allowEmptyShould(true)
                .check(HOUSE);
    }

    /** The room of a name in the table; the root has no name of its own. */
    private static String packageOf(String room) {
        return room.equals("(root)") ? "dev.runnel" : "dev.runnel." + room;
    }

    @Test
    void everyRoomStandsInTheTable() {
        String[] rooms = MAY_USE.keySet().stream().map(FloorTest::packageOf).toArray(String[]::new);
        classes().should().resideInAnyPackage(rooms).check(HOUSE);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.runnel.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    /** Vert.x's API shows neither a connection's channel nor the original of a duplicated context. */
    @Test
    void vertxInternalsAreUsedInTwoPlaces() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.runnel\\.net\\.(NettyConnection|OnContext)")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..")
                .check(HOUSE);
    }

    @Test
    void channelsAndHandlersOfNettyStayInNet() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.runnel.net", "dev.runnel.net.http1")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..", "io.netty.handler..")
                .check(HOUSE);
    }

    @Test
    void onlyClusterUsesHazelcast() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.runnel.cluster")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster..", "io.vertx.core.spi.cluster..")
                .check(HOUSE);
    }

    @Test
    void jsonObjectStaysInTheRoomsThatReadOrWriteJson() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.runnel.message..", "dev.runnel.http..", "dev.runnel.auth", "dev.runnel.engine.openai")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(JsonObject.class, JsonArray.class)
                .check(HOUSE);
    }

    @Test
    void onlyLogAndTraceUseTheirLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.runnel.trace")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.opentelemetry..", "io.vertx.tracing..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.runnel.log")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ch.qos.logback..")
                .check(HOUSE);
    }

    /**
     * A regular expression may need more than linear time, or the stack. The allowed classes have one without nested or
     * adjacent quantifiers over the same characters: {@code Token} reads at most 8,192 characters, {@code ClaimRules}
     * reads signed claims of limited length, {@code GenerationIds} an id of fixed length, and {@code ScriptedEngine}
     * the words of a prompt. The other allowed classes and rooms read settings and files of the operator.
     */
    @Test
    void regularExpressionsReadNoInputOfClients() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.runnel.config..", "dev.runnel.conformance..", "dev.runnel.model", "dev.runnel.cli")
                .and(DescribedPredicate.describe(
                        "are not allowed to", type -> !REGULAR_EXPRESSIONS.contains(type.getSimpleName())))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex")
                .orShould()
                .callMethodWhere(isRegularExpressionOfString())
                .check(HOUSE);
    }

    private static DescribedPredicate<JavaMethodCall> isRegularExpressionOfString() {
        Set<String> names = Set.of("matches", "replaceAll", "replaceFirst", "split");
        return DescribedPredicate.describe(
                "a regular expression in a method of String",
                call -> call.getTargetOwner().isEquivalentTo(String.class)
                        && names.contains(call.getName())
                        && !isPlainSplit(call));
    }

    private static boolean isPlainSplit(JavaMethodCall call) {
        return call.getName().equals("split")
                && PLAIN_SPLITTERS.contains(call.getOriginOwner().getSimpleName());
    }

    /** A suite that used the house's own code would repeat its mistakes. */
    @Test
    void conformanceUsesTheJdkAndJacksonOnly() {
        classes()
                .that()
                .resideInAPackage("dev.runnel.conformance..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.runnel.conformance..", "java..", "javax..", "com.fasterxml.jackson..", "org.jspecify..")
                .check(HOUSE);
    }

    @Test
    void nothingSleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(HOUSE);
    }

    /**
     * The time of an equality that stops at the first difference shows how much was right. In {@code auth} it is for
     * names only, in the classes that compare names. Only the class that makes verifiers reads a secret's bytes.
     * Secrets are compared by {@link MessageDigest#isEqual}.
     */
    @Test
    void secretsAreComparedInConstantTime() {
        noClasses()
                .that()
                .resideInAPackage("dev.runnel.auth")
                .should()
                .callMethodWhere(isEqualityThatStopsEarly().and(isOutside(NAME_COMPARERS)))
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage("dev.runnel.auth")
                .and()
                .doNotHaveSimpleName("VerificationKey")
                .should()
                .callMethod(Secret.class, "bytes")
                .check(HOUSE);
        methods()
                .that()
                .areDeclaredIn(Secret.class)
                .and()
                .haveName("equals")
                .should(callIsEqual())
                .check(HOUSE);
    }

    private static DescribedPredicate<JavaMethodCall> isEqualityThatStopsEarly() {
        Set<String> owners = Set.of(
                "java.lang.String",
                "java.lang.CharSequence",
                "java.util.Arrays",
                "java.util.Objects",
                "java.nio.ByteBuffer",
                "io.vertx.core.buffer.Buffer");
        Set<String> names = Set.of(
                "equals",
                "deepEquals",
                "equalsIgnoreCase",
                "contentEquals",
                "compareTo",
                "compareToIgnoreCase",
                "compare",
                "mismatch",
                "regionMatches",
                "startsWith",
                "endsWith");
        return DescribedPredicate.describe(
                "an equality that stops at the first difference",
                call -> owners.contains(call.getTargetOwner().getName()) && names.contains(call.getName()));
    }

    private static DescribedPredicate<JavaMethodCall> isOutside(Set<String> classes) {
        return DescribedPredicate.describe(
                "outside of the classes that compare names " + classes,
                call -> !classes.contains(call.getOriginOwner().getSimpleName()));
    }

    private static ArchCondition<JavaMethod> callIsEqual() {
        return new ArchCondition<>("call MessageDigest.isEqual") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean calls = method.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(MessageDigest.class)
                                && call.getName().equals("isEqual"));
                events.add(new SimpleConditionEvent(method, calls, method.getFullName() + " calls it: " + calls));
            }
        };
    }
}
