package dev.runnel.http.request;

import dev.runnel.http.connection.RequestDrainer;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.memory.Holding;
import dev.runnel.net.http1.RequestFault;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a request's body into memory, up to a limit and a deadline. The memory is acquired for the declared length
 * before the first byte is read. A body without one acquires it as it grows, each time twice as much.
 */
public final class BodyReader {

    /** The most that is allocated before the body arrives. */
    private static final int MAX_RESERVED_BYTES = 64 * 1024;

    private static final String ACCEPT_ENCODING = "accept-encoding";

    private final Vertx vertx;
    private final int maxBytes;
    private final Duration deadline;
    private final Set<Reading> readings = new HashSet<>();

    private boolean draining;

    public BodyReader(Vertx vertx, int maxBytes, Duration deadline) {
        this.vertx = vertx;
        this.maxBytes = maxBytes;
        this.deadline = deadline;
    }

    /**
     * Reads a paused request's body. Nothing is read if its declared length is too large, or does not fit into the
     * memory for clients. Without a declared length it is read until it is too large or does not fit.
     *
     * @param held acquires the memory. The caller closes it when the body and what was made of it are not needed.
     * @param staysInDrain whether the request may be accepted after {@link #drain} too
     * @return fails with a {@link RefusedException} of status 413, or 400 after the deadline. Fails with {@code FULL}
     *     over a bound of memory, with {@code DRAINING} after {@link #drain}, and with the connection's own exception
     *     where the client is gone.
     */
    public Future<Buffer> read(HttpServerRequest request, Holding held, boolean staysInDrain) {
        String length = request.getHeader("Content-Length");
        long declared = length == null ? 0 : RequestDrainer.declaredLength(length);
        if (declared > maxBytes) {
            return Future.failedFuture(new RefusedException(ErrorResponse.bodyTooLarge(maxBytes)));
        }
        if (draining && !staysInDrain) {
            return Future.failedFuture(new GenerationException(Failure.draining()));
        }
        Optional<Bound> refusal = held.resize(declared);
        if (refusal.isPresent()) {
            return Future.failedFuture(new GenerationException(refusal.get().failure()));
        }
        boolean expectsContinue = "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
        // RFC 9110, section 10.1.1: not to a client of HTTP/1.0.
        if (expectsContinue && request.version() != HttpVersion.HTTP_1_0) {
            writeContinue(request);
        }
        return new Reading(request, held, staysInDrain).start();
    }

    /**
     * Hides {@code Accept-Encoding} meanwhile: over HTTP/2, Vert.x (5.0.12) would bind a compressor to the stream here,
     * whether or not the answer is compressed.
     */
    private static void writeContinue(HttpServerRequest request) {
        List<String> wanted = request.headers().getAll(ACCEPT_ENCODING);
        request.headers().remove(ACCEPT_ENCODING);
        request.response().writeContinue();
        request.headers().add(ACCEPT_ENCODING, wanted);
    }

    /** Refuses the bodies that are not complete yet, and all later ones. */
    public void drain() {
        draining = true;
        List.copyOf(readings).forEach(Reading::drain);
    }

    /** Whether {@link #drain} was called. */
    public boolean isDraining() {
        return draining;
    }

    private final class Reading {

        private final HttpServerRequest request;
        private final boolean staysInDrain;
        private final Holding held;
        private final Promise<Buffer> result = Promise.promise();
        private Buffer body;
        /** What was allocated for the body, in bytes. */
        private int capacity;

        Reading(HttpServerRequest request, Holding held, boolean staysInDrain) {
            this.staysInDrain = staysInDrain;
            this.request = request;
            this.held = held;
            this.capacity = (int) Math.min(held.bytes(), MAX_RESERVED_BYTES);
            this.body = Buffer.buffer(capacity);
        }

        Future<Buffer> start() {
            long timer = vertx.setTimer(
                    deadline.toMillis(),
                    late -> result.tryFail(refused(
                            "incomplete after " + deadline.toSeconds() + " s (expected: complete within that time)")));
            request.exceptionHandler(this::failed);
            request.handler(this::part);
            request.endHandler(end -> ended());
            request.resume();
            readings.add(this);
            return result.future().onComplete(done -> {
                readings.remove(this);
                vertx.cancelTimer(timer);
            });
        }

        void drain() {
            if (!staysInDrain) {
                result.tryFail(new GenerationException(Failure.draining()));
            }
        }

        private void part(Buffer part) {
            if (result.future().isComplete()) {
                return;
            }
            int needed = body.length() + part.length();
            Optional<? extends RuntimeException> refusal = refusal(needed);
            if (refusal.isPresent()) {
                request.pause();
                result.tryFail(refusal.get());
            } else {
                ensure(needed);
                body.appendBuffer(part);
            }
        }

        private Optional<? extends RuntimeException> refusal(int needed) {
            if (needed > maxBytes) {
                return Optional.of(new RefusedException(ErrorResponse.bodyTooLarge(maxBytes)));
            }
            return needed <= held.bytes()
                    ? Optional.empty()
                    : held.resize(Math.min(maxBytes, Math.max(needed, 2 * held.bytes())))
                            .map(bound -> new GenerationException(bound.failure()));
        }

        /** Allocates as much as is held: Vert.x would allocate up to twice the need. */
        private void ensure(int needed) {
            if (needed > capacity) {
                capacity = (int) held.bytes();
                body = Buffer.buffer(capacity).appendBuffer(body);
            }
        }

        private void ended() {
            if (RequestFault.isMalformed(request)) {
                result.tryFail(malformed());
            } else {
                result.tryComplete(body);
            }
        }

        private void failed(Throwable cause) {
            boolean clientIsGone = cause instanceof HttpClosedException || cause instanceof StreamResetException;
            result.tryFail(clientIsGone ? cause : malformed());
        }

        private RefusedException malformed() {
            return refused("malformed (expected: well-formed HTTP)");
        }

        private RefusedException refused(String problem) {
            return new RefusedException(ErrorResponse.invalid(null, "body: " + problem));
        }
    }
}
