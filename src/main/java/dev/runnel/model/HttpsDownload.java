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

/** Downloads a file into its {@link PartFile}, from where it broke off the last time. */
final class HttpsDownload {

    private static final int MAX_BREAKS = 5;
    private static final String UNFOLLOWED = ", a redirect that is not followed (expected: at most 5, to https URLs)";
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");

    private final FetchTools means;
    private final PartFile part;
    private final Progress progress;
    private final ModelSource.Https source;
    private final String origin;
    private final long bytes;

    /** @param bytes what the file's size must be; 0 where that is not known */
    HttpsDownload(FetchTools means, PartFile part, Progress progress, ModelSource.Https source, long bytes) {
        this.means = means;
        this.part = part;
        this.progress = progress;
        this.source = source;
        this.origin = VerifiedMarker.originOf(source);
        this.bytes = bytes;
    }

    /**
     * Downloads what is missing. Goes on by itself after a break, a few times and only while each attempt brought something;
     * what came stays for the next start.
     *
     * @return whether the part was put together in more than one attempt, so that a wrong hash may be the fault of that
     * @throws IOException if the file cannot be written
     */
    boolean run() throws SourceFailedException, IOException, InterruptedException {
        HttpsGet get = new HttpsGet(means.client().get(), means.silence());
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

    private void attempt(HttpsGet get, long have)
            throws SourceFailedException, ConnectionBrokenException, IOException, InterruptedException {
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = get.response(source.address(), have, part.tag());
        boolean taken;
        try (DownloadBody body = DownloadBody.of(response.body())) {
            taken = isTaken(response, body, have);
        }
        if (!taken) {
            part.discard(); // the server's file has become another one
            attempt(get, 0);
        }
    }

    /** Takes what the answer brings; false if it does not go on with what is there. */
    private boolean isTaken(HttpResponse<?> response, DownloadBody body, long have)
            throws SourceFailedException, ConnectionBrokenException, IOException, InterruptedException {
        int status = response.statusCode();
        if (status == 200) {
            take(response, body, 0);
            return true;
        }
        if (have == 0 || (status != 206 && status != 416)) {
            throw new SourceFailedException("answered with status " + status + (status / 100 == 3 ? UNFOLLOWED : ""));
        }
        boolean goesOn = status == 206 && goesOn(response, have);
        if (goesOn) {
            take(response, body, have);
        }
        return goesOn;
    }

    private boolean goesOn(HttpResponse<?> response, long have) {
        Optional<String> tag = strongTag(response);
        boolean sameFile = tag.isEmpty() || part.tag().isEmpty() || tag.equals(part.tag());
        Matcher range = CONTENT_RANGE.matcher(
                response.headers().firstValue("Content-Range").orElse(""));
        return sameFile && range.matches() && Long.parseLong(range.group(1)) == have;
    }

    private void take(HttpResponse<?> response, DownloadBody body, long have)
            throws SourceFailedException, ConnectionBrokenException, IOException, InterruptedException {
        long total = total(response, have);
        progress.total(total);
        try (FileChannel out = have > 0 ? part.append() : part.begin(origin, strongTag(response))) {
            long done = have;
            Optional<List<ByteBuffer>> piece = body.next(means.silence());
            while (piece.isPresent()) {
                done += write(piece.get(), out);
                if (total > 0 && done > total) {
                    throw tooLong(total);
                }
                progress.at(done);
                piece = body.next(means.silence());
            }
        }
    }

    /** The whole file's size, 0 where neither configuration nor server tells it; checks that it fits. */
    private long total(HttpResponse<?> response, long have) throws SourceFailedException, IOException {
        String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
        if (!encoding.equals("identity")) {
            throw new SourceFailedException("sends the file encoded, though it was asked not to");
        }
        long told = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        if (told >= 0 && bytes > 0 && have + told != bytes) {
            throw new SourceFailedException("wrong size: expected " + bytes + " bytes, got " + (have + told));
        }
        long total = told >= 0 ? have + told : bytes;
        long freed = have > 0 ? 0 : part.length(origin);
        DiskSpace.check(means.disk(), part.path(), Math.max(0, total - have - freed));
        return total;
    }

    private SourceFailedException tooLong(long total) throws IOException {
        part.discard();
        return new SourceFailedException("wrong size: sends more than " + total + " bytes");
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
