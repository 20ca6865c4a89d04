package dev.runnel.http;

import dev.runnel.auth.Caller;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorType;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.responses.ResponseOutput;
import dev.runnel.http.responses.ResponsesParser;
import dev.runnel.http.responses.ResponsesRequest;
import dev.runnel.message.Finished;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.resume.KeptTurn;
import dev.runnel.text.FinishReason;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads requests of {@code /v1/responses}, with the conversation that each one continues. */
final class ResponseRequests {

    private static final String PREVIOUS = "previous_response_id";

    private final ResponsesParser parser;
    private final KeptGenerations kept;

    ResponseRequests(ResponsesParser parser, KeptGenerations kept) {
        this.parser = parser;
        this.kept = kept;
    }

    /**
     * Reads a body.
     *
     * @throws RefusedException where it breaks a rule, or continues no kept response of the caller
     */
    GenerateRequest read(Caller caller, Buffer body) {
        ResponsesRequest request = parser.parse(body);
        List<KeptTurn> previous =
                request.previousId().map(id -> conversation(id, caller)).orElse(List.of());
        return request.continuing(previous);
    }

    private List<KeptTurn> conversation(String id, Caller caller) {
        KeptGeneration response = kept.find(id, caller.owner())
                .filter(found -> found.request().isKept())
                .orElseThrow(() -> new RefusedException(unknown()));
        Optional<AsyncResult<Finished>> outcome = response.outcome();
        if (outcome.isEmpty() || outcome.get().failed()) {
            throw new RefusedException(notContinued(outcome.isEmpty() ? "runs" : "has failed"));
        }
        if (outcome.get().result().finishReason() == FinishReason.CANCELLED) {
            throw new RefusedException(notContinued("was cancelled"));
        }
        List<KeptTurn> turns = new ArrayList<>(response.request().turns());
        ResponseOutput.turn(id, response.text()).ifPresent(turns::add);
        if (kept.find(id, caller.owner()).isEmpty()) {
            // Deleted meanwhile: what was read may be the empty text that replaced it.
            throw new RefusedException(unknown());
        }
        return turns;
    }

    /** The same for an id that never existed and for a response of another caller. */
    private static ErrorResponse unknown() {
        return new ErrorResponse(
                404,
                ErrorType.NOT_FOUND,
                PREVIOUS + ": unknown (expected: the id of a response of this caller that is kept, as with background:"
                        + " true)",
                PREVIOUS,
                null,
                0);
    }

    private static ErrorResponse notContinued(String state) {
        return ErrorResponse.invalid(
                PREVIOUS, PREVIOUS + ": the response " + state + " (expected: one that is completed or incomplete)");
    }
}
