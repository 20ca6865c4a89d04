package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** A store whose only source is a {@link TlsServer}, and the responses of that server. */
final class Downloads {

    static final byte[] MODEL = new byte[300_000];
    static final String HASH;

    final RecordingListener listener = new RecordingListener();
    Duration silence = Duration.ofSeconds(20);
    long usableBytes = Long.MAX_VALUE;
    HttpClient client;

    private final TlsServer server;
    private final Path data;

    static {
        new Random(7).nextBytes(MODEL);
        HASH = hashOf(MODEL);
    }

    Downloads(TlsServer server, Path data) {
        this.server = server;
        this.data = data;
        this.client = server.client();
    }

    static TlsServer.Answer whole() {
        return (request, out) -> {
            TlsServer.head(out, "200 OK", "Content-Length: " + MODEL.length, "ETag: \"v2\"");
            out.write(MODEL);
        };
    }

    static void partial(TlsServer.Request request, OutputStream out, String tag) throws IOException {
        int from = request.headers().containsKey("range") ? from(request.headers()) : 0;
        TlsServer.head(
                out,
                from > 0 ? "206 Partial Content" : "200 OK",
                "Content-Length: " + (MODEL.length - from),
                from > 0 ? "Content-Range: bytes " + from + "-" + (MODEL.length - 1) + "/" + MODEL.length : "X: y",
                tag.isEmpty() ? "X: z" : "ETag: " + tag);
        out.write(MODEL, from, MODEL.length - from);
    }

    static int from(Map<String, String> headers) {
        return Integer.parseInt(headers.get("range").replace("bytes=", "").replace("-", ""));
    }

    TlsServer.Request lastRequest(String path) {
        List<TlsServer.Request> to = server.requests().stream()
                .filter(request -> request.path().equals(path))
                .toList();
        return to.get(to.size() - 1);
    }

    void leavePart(String path, String tag, byte[] content, int length) throws IOException {
        Files.createDirectories(place().folder());
        Files.write(place().part(), Arrays.copyOf(content, length));
        Files.write(place().partOrigin(), List.of(VerifiedMarker.originOf(https(path)), tag));
    }

    void assertUnavailable(String path, String why) {
        assertThatThrownBy(() -> fetch(path))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining(https(path).inWords() + ": ")
                .hasMessageContaining(why)
                .hasMessageContaining("Put the file at " + place().model())
                .message()
                .doesNotContain("\n", "Exception");
        assertThat(listener.notices).singleElement().asString().contains(why);
    }

    Path fetch(String path) throws ModelUnavailableException {
        return store().fetch("tiny", new ModelFile(List.of(https(path)), Optional.of(HASH), MODEL.length));
    }

    ModelStore store() {
        FetchTools tools =
                new FetchTools(() -> client, List.of(), Map.of(), folder -> usableBytes, silence, System::nanoTime);
        return new ModelStore(data, listener, tools);
    }

    ModelSource https(String path) {
        return new ModelSource.Https(server.url(path));
    }

    ModelPlace place() {
        return ModelPlace.of(data, "tiny");
    }

    List<String> files() throws IOException {
        return names(place().folder());
    }

    /** The names of the files in a folder, in no order. */
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    static String hashOf(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
