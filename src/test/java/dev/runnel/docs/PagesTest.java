package dev.runnel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ConfigReader;
import dev.runnel.config.tree.ConfigException;
import dev.runnel.generator.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README and the pages of the site: their links, commands and examples hold. */
class PagesTest {

    private static final Path README = Path.of("README.md");
    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Path PICTURES = Path.of("src/site/resources/images");
    private static final Path EXAMPLES = Path.of("src/examples");
    private static final int README_LINES = 120;

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    /** A link to an example, and code of it. */
    private static final Pattern SNIPPET =
            Pattern.compile("From \\[`[^`]+`]\\(([^)]+)\\):\n\n```\\w+\n(.*?)```", Pattern.DOTALL);

    private static final Pattern MENU_ITEM = Pattern.compile("<item [^>]*href=\"([^\"]+)\\.html\"");
    private static final Pattern MAIN_CLASS = Pattern.compile("-Dexec\\.mainClass=([\\w.]+)");
    private static final Pattern COMMAND =
            Pattern.compile("(mvn|java|curl|node|python3|bash|kubectl|docker|sudo)( .*)?");
    private static final Set<String> LANGUAGES = Set.of("bash", "text", "java", "yaml");

    /** A command by its first words, and the test that runs it, with names and paths of its own. */
    private static final Map<String, String> RUN_BY_TEST = Map.ofEntries(
            Map.entry("curl -N http://127.0.0.1:8080/v1/generate/stream", "FirstStartIT"),
            Map.entry("java -jar target/runnel.jar key ", "KeysIT"),
            Map.entry("java -jar target/runnel.jar --config conf/cluster/", "ClusterIT"),
            Map.entry("java -jar target/runnel.jar conform ", "ConformanceIT"),
            Map.entry("java -jar target/runnel.jar generate ", "TerminalIT"),
            Map.entry("java -jar target/runnel.jar chat", "TerminalIT"),
            Map.entry("java -jar target/runnel.jar train", "AotCacheIT"),
            Map.entry("java -XX:AOTCache=", "AotCacheIT"),
            Map.entry("bash src/examples/curl.sh ", "ClientsIT"),
            Map.entry("node src/examples/fetch-unbuffered.mjs ", "ClientsIT"),
            Map.entry("node src/examples/fetch-buffered.mjs ", "ClientsIT"),
            Map.entry("python3 src/examples/stream.py ", "ClientsIT"),
            Map.entry("python3 src/examples/openai_chat.py ", "SdkIT"),
            Map.entry("python3 src/examples/openai_background.py ", "SdkIT"),
            Map.entry("python3 src/examples/stream_httpx.py ", "ClientsIT"),
            Map.entry("python3 src/examples/stream_httpx_sse.py ", "ClientsIT"),
            Map.entry("java -cp target/runnel.jar src/examples/StreamText.java ", "ClientsIT"),
            Map.entry("java -cp target/runnel.jar src/examples/StreamVerticle.java ", "ClientsIT"),
            Map.entry("node src/examples/resume.mjs ", "ClientsIT"),
            Map.entry("python3 src/examples/resume.py ", "ClientsIT"),
            Map.entry("systemd-analyze verify conf/systemd/runnel.service", "ConfFilesIT"));

    /** Commands that are the build's own, or what its tests start for each run of the packaged jar. */
    private static final Set<String> RUN_BY_BUILD =
            Set.of("mvn verify", "mvn -q -DskipTests package", "java -jar target/runnel.jar");

    /** A command by its first words, and the sentence with which its page says that no test runs it. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "mvn -q compile exec:java", "Not run by a test: `mvn -q compile exec:java`",
            "mvn -q -Pbench test-compile exec:java ", "Not run by a test: the benchmarks",
            "mvn -q site", "Not run by a test: `mvn -q site`",
            "kubectl ", "Not run: `kubectl` (no Kubernetes cluster was available)",
            "docker ", "Not run: `docker` (no Docker engine was available)",
            "sudo ", "Not run: `sudo` (no running systemd was available)");

    @TempDir
    private Path folder;

    /** A block between two fences. */
    private record Fence(String language, String text) {

        /** One a line; a line that ends in a backslash goes on. */
        List<String> commands() {
            return text.replaceAll(" *\\\\\n *", " ").lines().toList();
        }
    }

    @Test
    void readmeFitsOnAFewScreens() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(README_LINES);
    }

    @Test
    void everyLinkLeadsToAPageOfTheSiteOrAnExample() throws IOException {
        for (Path page : pages()) {
            for (String link : links(page)) {
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty()
                        ? page
                        : page.resolveSibling(parts[0]).normalize();
                assertThat(target)
                        .as("%s: %s", page, link)
                        .matches(each -> isOfTheSite(each) || each.startsWith(EXAMPLES));
                assertThat(target).as("%s: %s", page, link).isRegularFile();
                if (parts.length > 1) {
                    // Renderers make different anchors of a heading: the target page sets its own.
                    assertThat(Files.readString(target))
                            .as("%s: %s", page, link)
                            .contains("<a id=\"" + parts[1] + "\">");
                }
            }
        }
    }

    private static boolean isOfTheSite(Path target) {
        return target.startsWith(PAGES) || target.startsWith(PICTURES);
    }

    @Test
    void menuListsEveryPage() throws IOException {
        String menu = Files.readString(Path.of("src/site/site.xml"));
        List<Path> pages = pages().stream().filter(page -> !page.equals(README)).toList();

        assertThat(MENU_ITEM.matcher(menu).results().map(item -> PAGES.resolve(item.group(1) + ".md")))
                .containsExactlyInAnyOrderElementsOf(pages);
    }

    @Test
    void readmeAndOverviewLinkEveryPageButSingleDecisions() throws IOException {
        Path overview = PAGES.resolve("index.md");
        List<Path> expected = pages().stream()
                .filter(page -> !page.equals(README) && !page.equals(overview))
                .filter(page -> !page.getFileName().toString().matches("\\d{4}-.*"))
                .toList();

        assertThat(linkedPages(README)).containsAll(expected);
        assertThat(linkedPages(overview)).containsAll(expected);
    }

    private static Set<Path> linkedPages(Path page) throws IOException {
        return links(page).stream()
                .map(link -> page.resolveSibling(link.replaceFirst("#.*", "")).normalize())
                .collect(Collectors.toSet());
    }

    @Test
    void everyCommandIsRunByATestOrSaidNotToBe() throws IOException {
        for (Path page : pages()) {
            String text = Files.readString(page).replaceAll("\\s+", " ");
            for (String command : commands(page)) {
                Optional<String> notRun = startOf(command, NOT_RUN);
                if (notRun.isPresent()) {
                    assertThat(text).as("%s shows: %s", page, command).contains(notRun.get());
                } else if (!RUN_BY_BUILD.contains(command)) {
                    assertThat(startOf(command, RUN_BY_TEST))
                            .as("%s: a test that runs: %s", page, command)
                            .isPresent();
                }
            }
        }
    }

    @Test
    void everyTestThatRunsACommandExists() {
        assertThat(RUN_BY_TEST.values())
                .allSatisfy(test -> assertThat(Path.of("src/test/java/dev/runnel/it", test + ".java"))
                        .isRegularFile());
    }

    @Test
    void everyBenchmarkOfACommandExists() throws IOException {
        for (Path page : pages()) {
            assertThat(MAIN_CLASS.matcher(Files.readString(page)).results())
                    .as(page.toString())
                    .allSatisfy(name -> assertThat(
                                    Path.of("src/bench/java", name.group(1).replace('.', '/') + ".java"))
                            .isRegularFile());
        }
    }

    @Test
    void everyExampleIsLinked() throws IOException {
        try (Stream<Path> examples = Files.list(EXAMPLES)) {
            assertThat(linkedPages(PAGES.resolve("clients.md"))).containsAll(examples.toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"clients.md, 8", "openai.md, 1"})
    void codeOfAnExampleIsShownAsItIsTested(String name, int snippets) throws IOException {
        List<MatchResult> shown =
                SNIPPET.matcher(Files.readString(PAGES.resolve(name))).results().toList();

        assertThat(shown)
                .hasSize(snippets)
                .allSatisfy(snippet -> assertThat(PAGES.resolve(snippet.group(1)))
                        .satisfies(example -> assertThat(indentations(snippet.group(2)))
                                .anySatisfy(code ->
                                        assertThat(Files.readString(example)).contains(code))));
    }

    /** A text, and the same deeper inside of other code. */
    private static Stream<String> indentations(String code) {
        return Stream.of("", "  ", "    ", "        ", "            ")
                .map(indentation -> code.replaceAll("(?m)^(?=.)", indentation));
    }

    @Test
    void commandsStandInBashFencesOnly() throws IOException {
        for (Path page : pages()) {
            for (Fence fence : fences(page)) {
                assertThat(LANGUAGES).as("%s: %s", page, fence.text()).contains(fence.language());
            }
            List<String> outside = Stream.concat(
                            prose(page).lines(),
                            fences(page).stream()
                                    .filter(fence -> !fence.language().equals("bash"))
                                    .flatMap(fence -> fence.text().lines()))
                    .map(String::strip)
                    .filter(COMMAND.asMatchPredicate())
                    .toList();
            assertThat(outside).as(page.toString()).isEmpty();
        }
    }

    @Test
    void everyConfigurationExampleIsValid() throws IOException, ConfigException {
        for (Path page : pages()) {
            for (Fence fence : fences(page)) {
                if (fence.language().equals("yaml")) {
                    Path file = Files.writeString(folder.resolve("example.yaml"), fence.text());
                    Map<String, String> environment = Map.of("UPSTREAM_KEY", "key-of-a-test");
                    var reader = new ConfigReader(Optional.of(folder), environment, Engines.onClassPath()::complaints);

                    assertThat(reader.read(Optional.of(file)).warnings())
                            .as("%s: %s", page, fence.text())
                            .isEmpty();
                }
            }
        }
    }

    private static Optional<String> startOf(String command, Map<String, String> byStart) {
        return byStart.entrySet().stream()
                .filter(entry -> command.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(PAGES)) {
            return Stream.concat(
                            Stream.of(README),
                            files.filter(file -> file.toString().endsWith(".md"))
                                    .sorted())
                    .toList();
        }
    }

    private static List<String> links(Path page) throws IOException {
        return LINK.matcher(prose(page))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.startsWith("https://"))
                .toList();
    }

    private static List<String> commands(Path page) throws IOException {
        return fences(page).stream()
                .filter(fence -> fence.language().equals("bash"))
                .flatMap(fence -> fence.commands().stream())
                .toList();
    }

    /** Every second part of a page that is cut at its fences. */
    private static List<Fence> fences(Path page) throws IOException {
        String[] parts = parts(page);
        assertThat(parts.length % 2).as("%s: an even number of fences", page).isEqualTo(1);
        return Stream.iterate(1, part -> part < parts.length, part -> part + 2)
                .map(part -> parts[part].split("\n", 2))
                .map(part -> new Fence(part[0], part[1]))
                .toList();
    }

    private static String prose(Path page) throws IOException {
        String[] parts = parts(page);
        return String.join(
                "\n",
                Stream.iterate(0, part -> part < parts.length, part -> part + 2)
                        .map(part -> parts[part])
                        .toList());
    }

    private static String[] parts(Path page) throws IOException {
        return Files.readString(page).split("(?m)^```", -1);
    }
}
