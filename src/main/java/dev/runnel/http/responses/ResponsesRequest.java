package dev.runnel.http.responses;

import dev.runnel.http.error.RefusedException;
import dev.runnel.http.openai.MemberReader;
import dev.runnel.http.openai.OptionsText;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.resume.KeptRequest;
import dev.runnel.resume.KeptTurn;
import dev.runnel.text.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A request of {@code /v1/responses}, validated against every rule that needs no other response.
 *
 * @param request its turns are those of {@code input} alone, and it has no options yet
 * @param turns the same turns with what they have besides their contents
 * @param options what the engine alone reads, without what turns have besides their contents
 * @param instructions a system text for this response alone, or {@code null}
 * @param previousId the response that it continues
 * @param members what an answer repeats of it, as JSON text without the braces
 */
public record ResponsesRequest(
        GenerateRequest request,
        List<KeptTurn> turns,
        OptionsText options,
        @Nullable String instructions,
        Optional<String> previousId,
        String members) {

    static final int MAX_TURNS = 4096;

    private static final int MAX_CODE_POINTS = 2_000_000;
    private static final String BLANK_LINE = "\n\n";

    /** Copies the turns. */
    public ResponsesRequest {
        turns = List.copyOf(turns);
    }

    /**
     * The request with the conversation that it continues. Instructions are not a part of what is kept: a later request
     * brings its own.
     *
     * @param previous the turns of the conversation so far, its last answer included
     * @throws RefusedException with status 400 where the conversation or the options are too large
     */
    public GenerateRequest continuing(List<KeptTurn> previous) {
        List<KeptTurn> conversation = new ArrayList<>(previous);
        conversation.addAll(turns);
        if (conversation.isEmpty()) {
            throw MemberReader.refusal(InputReader.PLACE, "without a message", InputReader.RULE);
        }
        refuseTooMany(conversation);
        List<KeptTurn> all = withInstructions(conversation);
        OptionsText complete = options.copy();
        complete.add("turns", membersOf(all), InputReader.PLACE);
        return request.continuing(
                all.stream().map(KeptTurn::turn).toList(), complete.text(), new KeptRequest(members, conversation));
    }

    /** What turns have besides their contents, in the form of {@code engine.Options}: an object, or empty. */
    private static String membersOf(List<KeptTurn> turns) {
        StringJoiner object = new StringJoiner(",", "{", "}").setEmptyValue("");
        for (int place = 0; place < turns.size(); place++) {
            String more = turns.get(place).members();
            if (!more.isEmpty()) {
                object.add("\"" + place + "\":{" + more + "}");
            }
        }
        return object.toString();
    }

    private void refuseTooMany(List<KeptTurn> conversation) {
        String with = previousId.isPresent() ? " with those of previous_response_id" : "";
        if (conversation.size() > MAX_TURNS) {
            throw MemberReader.refusal(
                    InputReader.PLACE, "more than " + MAX_TURNS + " items" + with, "at most " + MAX_TURNS);
        }
        long codePoints = instructions == null ? 0 : codePoints(instructions);
        for (KeptTurn each : conversation) {
            codePoints += codePoints(each.turn().content());
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
    private List<KeptTurn> withInstructions(List<KeptTurn> conversation) {
        List<String> system = new ArrayList<>();
        if (instructions != null) {
            system.add(instructions);
        }
        int first = 0;
        while (first < conversation.size() && conversation.get(first).turn().role() == Turn.Role.SYSTEM) {
            system.add(conversation.get(first++).turn().content());
        }
        List<KeptTurn> all = new ArrayList<>();
        if (!system.isEmpty()) {
            all.add(new KeptTurn(new Turn(Turn.Role.SYSTEM, String.join(BLANK_LINE, system))));
        }
        all.addAll(conversation.subList(first, conversation.size()));
        return all;
    }

    /** Omits the contents: they never reach a log. */
    @Override
    public String toString() {
        return "ResponsesRequest[" + request + ", continues " + previousId.isPresent() + "]";
    }
}
