package dev.runnel.http.responses;

import dev.runnel.http.openai.MemberReader;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.resume.KeptRequest;
import dev.runnel.text.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request of {@code /v1/responses}, validated against every rule that needs no other response.
 *
 * @param request its turns are those of {@code input} alone
 * @param instructions a system text for this response alone, or {@code null}
 * @param previousId the response that it continues
 * @param members what an answer repeats of it, as JSON text without the braces
 */
public record ResponsesRequest(
        GenerateRequest request, @Nullable String instructions, Optional<String> previousId, String members) {

    static final int MAX_TURNS = 4096;

    private static final int MAX_CODE_POINTS = 2_000_000;
    private static final String BLANK_LINE = "\n\n";

    /**
     * The request with the conversation that it continues. Instructions are not a part of what is kept: a later request
     * brings its own.
     *
     * @param previous the turns of the conversation so far, its last answer included
     * @param createdSeconds the time of the response, in seconds since 1970
     */
    public GenerateRequest continuing(List<Turn> previous, long createdSeconds) {
        List<Turn> turns = new ArrayList<>(previous);
        turns.addAll(request.turns());
        if (turns.isEmpty()) {
            throw MemberReader.refusal(InputReader.PLACE, "without a message", InputReader.RULE);
        }
        refuseTooMany(turns);
        return request.continuing(withInstructions(turns), new KeptRequest(createdSeconds, members, turns));
    }

    private void refuseTooMany(List<Turn> turns) {
        String with = previousId.isPresent() ? " with those of previous_response_id" : "";
        if (turns.size() > MAX_TURNS) {
            throw MemberReader.refusal(
                    InputReader.PLACE, "more than " + MAX_TURNS + " items" + with, "at most " + MAX_TURNS);
        }
        long codePoints = instructions == null ? 0 : codePoints(instructions);
        for (Turn turn : turns) {
            codePoints += codePoints(turn.content());
        }
        if (codePoints > MAX_CODE_POINTS) {
            throw MemberReader.refusal(
                    InputReader.PLACE,
                    "more than " + MAX_CODE_POINTS + " code points" + with,
                    "at most " + MAX_CODE_POINTS + " together, instructions included");
        }
    }

    private static int codePoints(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Instructions and the system texts that follow them become one turn. */
    private List<Turn> withInstructions(List<Turn> turns) {
        List<String> system = new ArrayList<>();
        if (instructions != null) {
            system.add(instructions);
        }
        int first = 0;
        while (first < turns.size() && turns.get(first).role() == Turn.Role.SYSTEM) {
            system.add(turns.get(first++).content());
        }
        List<Turn> all = new ArrayList<>();
        if (!system.isEmpty()) {
            all.add(new Turn(Turn.Role.SYSTEM, String.join(BLANK_LINE, system)));
        }
        all.addAll(turns.subList(first, turns.size()));
        return all;
    }

    /** Omits the contents: they never reach a log. */
    @Override
    public String toString() {
        return "ResponsesRequest[" + request + ", continues " + previousId.isPresent() + "]";
    }
}
