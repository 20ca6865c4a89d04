package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.ResumeHeaders;
import dev.runnel.http.stream.ResumedReader;
import dev.runnel.message.Cancel;
import dev.runnel.resume.AttachException;
import dev.runnel.resume.Claim;
import dev.runnel.resume.ClaimAnswer;
import dev.runnel.resume.ClaimRequest;
import dev.runnel.resume.Guardian;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.resume.KeyClaims;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;

/**
 * Starts the generation of a request with an idempotency key, or attaches to the one that the key stands for. A request
 * waits for the answer to an earlier one with its key.
 */
final class ResumableSubmission {

    /** Longer than an answer to a submit takes, unless the service is stuck. */
    static final Duration WAIT = Duration.ofSeconds(10);

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final KeptGenerations kept;
    private final KeyClaims claims;
    private final Guardian guardian;
    private final Submission submission;
    private final Readers readers;
    private final Duration wait;
    private final InstantSource clock;

    /**
     * @param wait how long a request waits for the answers to earlier ones, in all
     * @param clock gives the time of an acceptance
     */
    ResumableSubmission(
            Vertx vertx,
            KeptGenerations kept,
            Guardian guardian,
            Submission submission,
            Readers readers,
            Duration wait,
            InstantSource clock) {
        this.vertx = vertx;
        this.kept = kept;
        this.claims = new KeyClaims(vertx, kept);
        this.guardian = guardian;
        this.submission = submission;
        this.readers = readers;
        this.wait = wait;
        this.clock = clock;
    }

    /**
     * Starts or attaches.
     *
     * <p>Until it completes, it owns the close handler of the response.
     *
     * @return a reader whose client is still there. Fails with a {@link RefusedException} or
     *     {@link GenerationException}. The claim of the key is released then, if it was this request's and no
     *     generation was accepted.
     */
    Future<ResumedReader> attach(ValidatedRequest valid, ResumeHeaders headers) {
        Attempt attempt = new Attempt(valid, headers);
        return attempt.run()
                .onFailure(refused -> valid.body().close())
                .onComplete(done -> attempt.close())
                .compose(reader -> ifPresent(valid, reader));
    }

    /** The client may have left while it was attached. */
    private static Future<ResumedReader> ifPresent(ValidatedRequest valid, ResumedReader reader) {
        if (valid.context().response().closed()) {
            reader.attachment().leave();
            return Future.failedFuture(clientLeft());
        }
        return Future.succeededFuture(reader);
    }

    /** One request. It may try several times, as the key may stand for nothing when an earlier request is refused. */
    private final class Attempt {

        private final Context context = vertx.getOrCreateContext();
        private final ValidatedRequest valid;
        private final ResumeHeaders headers;
        /** Fails the wait, if the request waits; returns whether it did. */
        private Predicate<Exception> stopWaiting = reason -> false;

        private long timer = NO_TIMER;
        private boolean isLate;
        private boolean isRetry;
        /** A generation that the key stood for, and that is not kept any more. */
        private String lost = "";

        Attempt(ValidatedRequest valid, ResumeHeaders headers) {
            this.valid = valid;
            this.headers = headers;
        }

        void close() {
            if (timer != NO_TIMER) {
                vertx.cancelTimer(timer);
            }
        }

        Future<ResumedReader> run() {
            if (valid.context().response().closed()) {
                // It may have left while it waited.
                return Future.failedFuture(clientLeft());
            }
            String owner = valid.caller().caller().owner();
            return headers.hasKey()
                    ? claims.claim(wanted(owner), this::waitsOn).compose(this::answered)
                    : answered(kept.claim(owner));
        }

        private KeyClaims.Wanted wanted(String owner) {
            return new KeyClaims.Wanted(
                    new ClaimRequest(owner, headers.key(), valid.fingerprint(), headers.cursor() > 0),
                    valid.request().kept(),
                    lost);
        }

        private Future<ResumedReader> answered(ClaimAnswer answer) {
            if (answer instanceof ClaimAnswer.Granted granted) {
                return start(granted.claim());
            }
            if (answer instanceof ClaimAnswer.Known known) {
                return readers.attach(known.generation(), valid.caller().keyId(), headers.cursor())
                        .onSuccess(attached -> valid.body().close())
                        .recover(failure -> goneMeanwhile(known.generation().id(), failure));
            }
            if (answer instanceof ClaimAnswer.InProgressElsewhere) {
                return Future.failedFuture(valid.context().response().closed() ? clientLeft() : waitedInVain());
            }
            return answer instanceof ClaimAnswer.InProgress earlier
                    ? await(earlier.claim()).compose(answered -> run())
                    : Future.failedFuture(refusal(answer));
        }

        /** Before each wait for a request on another node. */
        private boolean waitsOn() {
            startTimer();
            return !isLate && !valid.context().response().closed();
        }

        private void startTimer() {
            if (timer == NO_TIMER) {
                timer = vertx.setTimer(wait.toMillis(), passed -> late());
            }
        }

        private RefusedException waitedInVain() {
            kept.waitedInVain();
            return new RefusedException(inProgress());
        }

        /** If the generation was dropped between look-up and attachment, its key is free now. */
        private Future<ResumedReader> goneMeanwhile(String id, Throwable failure) {
            if (failure instanceof AttachException && !isRetry) {
                isRetry = true;
                lost = id;
                return run();
            }
            return Future.failedFuture(
                    failure instanceof AttachException
                            ? new GenerationException(Failure.of(
                                    FailureCode.LOST, "the generation is not kept any more; send the request again"))
                            : failure);
        }

        private Future<ResumedReader> start(Claim claim) {
            return Future.<Void>succeededFuture()
                    .compose(granted -> submission.submitResumable(valid))
                    .compose(generation -> keep(claim, generation))
                    .onFailure(refused -> kept.release(claim));
        }

        private Future<ResumedReader> keep(Claim claim, ClientGeneration generation) {
            if (valid.context().response().closed()) {
                generation.cancel(Cancel.Cause.CONSUMER_GONE);
                return Future.failedFuture(clientLeft());
            }
            return guardian.keep(
                            claim,
                            generation,
                            new Guardian.Request(
                                    valid.generation().model(),
                                    valid.request().includeText(),
                                    valid.caller().keyId(),
                                    clock.instant().getEpochSecond(),
                                    valid.request().kept()))
                    .compose(started -> readers.attach(started, valid.caller().keyId(), 0));
        }

        private Future<Void> await(Claim claim) {
            Promise<Void> answered = Promise.promise();
            Runnable resume = () -> context.runOnContext(turn -> answered.tryComplete());
            if (isLate || !kept.await(claim, resume)) {
                return Future.failedFuture(waitedInVain());
            }
            stopWaiting = reason -> {
                kept.stopWaiting(claim, resume);
                return answered.tryFail(reason);
            };
            valid.context().response().closeHandler(left -> stop(clientLeft()));
            startTimer();
            return answered.future();
        }

        private boolean stop(Exception reason) {
            return stopWaiting.test(reason);
        }

        private void late() {
            isLate = true;
            if (stop(new RefusedException(inProgress()))) {
                kept.waitedInVain();
            }
        }
    }

    private static GenerationException clientLeft() {
        return new GenerationException(
                Failure.of(FailureCode.CANCELLED, "the client left before the generation was accepted"));
    }

    private static ErrorResponse inProgress() {
        return ErrorResponse.conflict(
                "in_progress", "Idempotency-Key: an earlier request with it is not answered yet; try again in 1 s", 1);
    }

    private static Exception refusal(ClaimAnswer answer) {
        return answer instanceof ClaimAnswer.Silent
                ? new GenerationException(Failure.of(
                        FailureCode.CLUSTER,
                        "the node that knows what the Idempotency-Key stands for does not answer; send the request"
                                + " again"))
                : new RefusedException(response(answer));
    }

    private static ErrorResponse response(ClaimAnswer answer) {
        if (answer instanceof ClaimAnswer.Mismatch) {
            return ErrorResponse.conflict(
                    "idempotency_mismatch",
                    "Idempotency-Key: stands for another request (expected: the same fields with the same values, or"
                            + " another key)",
                    0);
        }
        if (answer instanceof ClaimAnswer.Unknown) {
            return ErrorResponse.conflict(
                    "diverged",
                    "Last-Event-ID: the text that it belongs to is not kept (expected: a request without it, which"
                            + " starts from 0)",
                    0);
        }
        return ErrorResponse.nothingCanBeKept();
    }
}
