package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The types that other rooms use of a room: its {@code package-info} names each, or says that all are for them. */
class RoomApiTest {

    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Pattern ALL = Pattern.compile("Every (?:public )?type is public API");
    private static final Pattern LINK = Pattern.compile("\\{@link\\s+(?:\\*\\s+)?([\\w.]+)}");

    @TestFactory
    Stream<DynamicTest> packageInfoNamesEachTypeThatOtherRoomsUse() {
        return usedByOthers().entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(room.getKey(), () -> assertNames(room.getKey(), room.getValue())));
    }

    private static void assertNames(String room, Set<String> types) throws IOException {
        String info = Files.readString(MAIN.resolve(room.replace('.', '/')).resolve("package-info.java"));
        if (ALL.matcher(info.replaceAll("\\s+\\*?\\s*", " ")).find()) {
            return;
        }
        Set<String> named =
                LINK.matcher(info).results().map(link -> link.group(1)).collect(Collectors.toSet());
        assertThat(named)
                .as("the types that the package-info of %s names", room)
                .containsAll(types);
    }

    /** The top-level types of each room on which classes of other rooms depend. */
    private static Map<String, Set<String>> usedByOthers() {
        Map<String, Set<String>> used = new TreeMap<>();
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.runnel").stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(RoomApiTest::leavesItsRoom)
                        .map(dependency -> outermost(dependency.getTargetClass().getBaseComponentType()))
                        .forEach(type -> used.computeIfAbsent(type.getPackageName(), room -> new TreeSet<>())
                                .add(type.getName()));
        return used;
    }

    private static boolean leavesItsRoom(Dependency dependency) {
        String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
        return target.startsWith("dev.runnel")
                && !target.equals(dependency.getOriginClass().getPackageName());
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(RoomApiTest::outermost).orElse(type);
    }
}
