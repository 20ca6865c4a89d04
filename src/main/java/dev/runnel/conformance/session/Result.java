package dev.runnel.conformance.session;

import java.time.Duration;
import java.util.List;

/**
 * The result of a case.
 *
 * @param reason why, empty where it passed
 * @param transcript what was sent and what came, for a failure only
 */
public record Result(Case of, Verdict verdict, String reason, List<String> transcript, Duration time) {

    public Result {
        transcript = List.copyOf(transcript);
    }
}
