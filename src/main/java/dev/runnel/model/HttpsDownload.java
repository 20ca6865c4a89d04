package dev.runnel.model;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Downloads a file into its {@link PartFile}, and continues where the last attempt broke off. */
final class HttpsDownload {

    private static final int MAX_BREAKS = 5;
    private static final String UNFOLLOWED = ", a redirect that is not followed (expected: at most 5, to https URLs)";
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");

    private final FetchTools tools;
    private final PartFile part;
    private final Progress progress;
    private final ModelSource.Https source;
    private final String origin;
    private final long bytes;

    /** @param bytes the size that the file must have; 0 if unknown */
    HttpsDownload(FetchTools tools, PartFile part, Progress progress, ModelSource.Https source, long bytes) {
        this.tools = tools;
        this.part = part;
        this.progress = progress;
        this.source = source;
        this.origin = VerifiedMarker.originOf(source);
        this.bytes = bytes;
    }

    /**
     * Downloads the missing bytes. After a break it continues up to 5 times, and only if the last attempt made
     * progress. The bytes that arrived stay for the next start.
     *
     * @return whether the file comes from more than one attempt, which can be the reason for a wrong hash
     * @throws IOException if the file cannot be written
     */
    boolean run() throws SourceFailedException, IOException, InterruptedException {
        HttpsGet get = new HttpsGet(tools.client().get(), tools.silence());
        boolean resumed = part.length(origin) > 0;
        for (int breaks = 0; !isWhole(); breaks++) {
            long before = part.length(origin);
            try {
                attempt(get, before);
                return resumed || breaks > 0;
            } catch (ConnectionBrokenException e) {
                if (breaks == MAX_BREAKS || part.length(origin) <= before) {
                    throw new SourceFailedException(e.why(), e);
                }
            }
        }
        return true;
    }

    private boolean isWhole() throws IOException {
        return bytes > 0 && part.length(origin) == bytes;
    }

    private void attempt(HttpsGet get, long present)
            throws SourceFailedException, ConnectionBrokenException, IOException, InterruptedException {
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = get.response(source.address(), present, part.tag());
        boolean accepted;
        try (DownloadBody body = DownloadBody.of(response.body())) {
            accepted = receive(response, body, present);
        }
        if (!accepted) {
            part.discard(); // the file on the server has changed
            attempt(get, 0);
        }
    }

    /** Writes the body; false if the response does not continue the bytes on disk. */
    private boolean receive(HttpResponse<?> response, DownloadBody body, long present)
            throws SourceFailedException, ConnectionBrokenException, IOException, InterruptedException {
        int status = response.statusCode();
        if (status == 200) {
            write(response, body, 0);
            return true;
        }
        if (present == 0 || (status != 206 && status != 416)) {
            throw new SourceFailedException("answered with status " + status + (status / 100 == 3 ? UNFOLLOWED : ""));
        }
        boolean continues = status == 206 && continuesAt(response, present);
        if (continues) {
            write(response, body, present);
        }
        return continues;
    }

    private boolean continuesAt(HttpResponse<?> response, long present) {
        Optional<String> tag = strongTag(response);
        boolean sameFile = tag.isEmpty() || part.tag().isEmpty() || tag.equals(part.tag());
        Matcher range = CONTENT_RANGE.matcher(
                response.headers().firstValue("Content-Range").orElse(""));
        return sameFile && range.matches() && Long.parseLong(range.group(1)) == present;
    }

    private void write(HttpResponse<?> response, DownloadBody body, long present)
            throws SourceFailedException, ConnectionBrokenException, IOException, InterruptedException {
        long total = total(response, present);
        progress.total(total);
        long most = total > 0 ? total : present + DiskSpace.free(tools.disk(), part.path());
        try (FileChannel out = present > 0 ? part.append() : part.start(origin, strongTag(response))) {
            long done = present;
            Optional<List<ByteBuffer>> piece = body.next(tools.silence());
            while (piece.isPresent()) {
                done += write(piece.get(), out);
                if (done > most) {
                    throw total > 0 ? tooLong(total) : tooLongForTheDisk(most);
                }
                progress.at(done);
                piece = body.next(tools.silence());
            }
        }
    }

    /** The size of the whole file, 0 if neither configuration nor server gives it. Checks that it fits on the disk. */
    private long total(HttpResponse<?> response, long present) throws SourceFailedException, IOException {
        String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
        if (!encoding.equals("identity")) {
            throw new SourceFailedException(
                    "sends the file with a Content-Encoding (expected: identity, as requested)");
        }
        long announced = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        if (announced >= 0 && bytes > 0 && present + announced != bytes) {
            throw new SourceFailedException("wrong size: expected " + bytes + " bytes, got " + (present + announced));
        }
        long total = announced >= 0 ? present + announced : bytes;
        long freed = present > 0 ? 0 : part.length(origin);
        DiskSpace.check(tools.disk(), part.path(), Math.max(0, total - present - freed));
        return total;
    }

    private SourceFailedException tooLong(long total) throws IOException {
        part.discard();
        return new SourceFailedException("wrong size: sends more than " + total + " bytes");
    }

    private SourceFailedException tooLongForTheDisk(long most) throws IOException {
        part.discard();
        return new SourceFailedException("gives no size, and sends more than " + most
                + " bytes, which is what is free on the disk of "
                + part.path().toAbsolutePath().getParent());
    }

    private static long write(List<ByteBuffer> buffers, FileChannel out) throws IOException {
        long written = 0;
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining()) {
                written += out.write(buffer);
            }
        }
        return written;
    }

    private static Optional<String> strongTag(HttpResponse<?> response) {
        return response.headers().firstValue("ETag").filter(tag -> tag.startsWith("\""));
    }
}
