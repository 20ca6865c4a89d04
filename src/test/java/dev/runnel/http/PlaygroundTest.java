package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.TestConfig;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the files of the playground are served. */
@ExtendWith(PlayedService.class)
class PlaygroundTest {

    private static final String MAIN = "/playground/main.js";
    private static final Pattern IMPORTED = Pattern.compile("from '\\./([a-z]+\\.js)'");
    private static final Pattern LINKED = Pattern.compile("(?:href|src)=\"(playground/[^\"]+)\"");

    private final TestService service;
    private final HttpWire client;

    PlaygroundTest(TestService service, HttpWire client) {
        this.service = service;
        this.client = client;
    }

    private Answer get(String path, String... headers) {
        return client.get(path, headers).answer();
    }

    @Test
    void pageNeedsNoKey() {
        Answer answer = get("/");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(answer.body()).contains("<title>Runnel playground</title>");
    }

    @Test
    void everyFileThatTheFilesNameIsServed() {
        List<String> linked = LINKED.matcher(get("/").body())
                .results()
                .map(found -> found.group(1))
                .toList();
        List<String> modules = List.of("main", "answer", "column", "dom", "events", "key", "markdown", "turns");

        assertThat(linked)
                .hasSize(3)
                .allSatisfy(path -> assertThat(get("/" + path).status()).isEqualTo(200));
        for (String module : modules) {
            assertThat(IMPORTED.matcher(get("/playground/" + module + ".js").body())
                            .results())
                    .as(module)
                    .allSatisfy(found -> {
                        Answer imported = get("/playground/" + found.group(1));
                        assertThat(imported.status()).as(found.group(1)).isEqualTo(200);
                        assertThat(imported.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", MAIN, "/playground/style.css", "/playground/icon.svg", "/playground/marked.js"})
    void headersConfineThePage(String path) {
        Answer answer = get(path);

        assertThat(answer.header("Content-Security-Policy").split("; "))
                .contains(
                        "default-src 'none'",
                        "script-src 'self'",
                        "style-src 'self'",
                        "connect-src 'self'",
                        "frame-ancestors 'none'",
                        "form-action 'none'",
                        "base-uri 'none'",
                        "require-trusted-types-for 'script'",
                        "trusted-types 'none'")
                .noneMatch(directive -> directive.contains("unsafe") || directive.contains("http"));
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("X-Request-Id")).isNotEmpty();
    }

    @Test
    void noFileHasInlineScriptOrStyle() {
        assertThat(get("/").body())
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=")
                .doesNotContain("http://", "https://", "//cdn");
    }

    @Test
    void knownFileIsNotSentAgain() {
        String tag = get(MAIN).header("ETag");

        // A 304 has no body, as the answer to HEAD.
        Answer known = client.get(MAIN, "If-None-Match: \"x\", " + tag).head();
        Answer changed = get(MAIN, "If-None-Match: W/\"0\"");

        assertThat(known.status()).isEqualTo(304);
        assertThat(known.header("ETag")).isEqualTo(tag);
        assertThat(known.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(changed.status()).isEqualTo(200);
    }

    @Test
    void longListOfTagsIsLeftUnread() throws Exception {
        String tag = get(MAIN).header("ETag");

        assertThat(get(MAIN, "If-None-Match: " + "\"x\",".repeat(64) + tag).status())
                .isEqualTo(200);
    }

    @Test
    void filesAreCompressedWhereTheClientAsksForIt() throws Exception {
        Answer plain = get(MAIN);
        Answer gzipped = get(MAIN, "Accept-Encoding: gzip");

        assertThat(gzipped.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(gzipped.header("Vary")).contains("Accept-Encoding");
        assertThat(gzipped.header("ETag")).isEqualTo(plain.header("ETag"));
        assertThat(gzipped.bytes().length).isLessThan(plain.bytes().length / 2);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped.bytes()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", MAIN})
    void headHasTheHeadersOfGet(String path) {
        Answer got = get(path);
        Answer head = client.send(HttpWire.requestHead("HEAD", path)).head();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("ETag")).isEqualTo(got.header("ETag"));
        assertThat(head.header("Content-Type")).isEqualTo(got.header("Content-Type"));
        assertThat(head.header("Content-Security-Policy")).isEqualTo(got.header("Content-Security-Policy"));
    }

    @ParameterizedTest
    @CsvSource({"POST,/", "DELETE,/playground/main.js"})
    void otherMethodsAreRefused(String method, String path) {
        Answer answer = client.send(HttpWire.requestHead(method, path)).answer();

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.html",
                "/playground",
                "/playground/",
                "/playground/nothing.js",
                "/playground/main.js/",
                "/playground//main.js",
                "/playground/./main.js",
                "/playground/%6dain.js",
                "/playground/..%2fPlaygroundHandler.class",
                "/playground/..%5cindex.html",
                "/playground/%2e%2e%2f%2e%2e%2frunnel.yaml",
                "/playground/%252e%252e%252f",
                "/playground/../../config/runnel.yaml",
                "/playground/package-info.class",
                "/playground/%00",
                "/favicon.ico"
            })
    void everyOtherPathIsUnknown(String path) {
        Answer answer = get(path);

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void playgroundCanBeTurnedOff() throws Exception {
        try (TestService off = TestService.start(
                        TestConfig.of("http: { port: 0, playground: false }").http(), 1);
                HttpWire wire = new HttpWire(off.port())) {
            assertThat(wire.get("/").answer().status()).isEqualTo(404);
            assertThat(wire.get(MAIN).answer().status()).isEqualTo(404);
            assertThat(wire.get("/v1/models", HttpWire.bearer(off.key()))
                            .answer()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void keyInAQueryIsNotAKey() {
        assertThat(get("/v1/models?key=" + service.key()).status()).isEqualTo(401);
    }
}
