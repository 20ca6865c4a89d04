package dev.runnel.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Verdict;
import java.util.List;

/** The results as one JSON document. */
final class JsonReport {

    private JsonReport() {}

    /** @param requests how many requests were sent */
    static String of(List<Result> results, int requests) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        Counts counts = Counts.of(results);
        ObjectNode summary = document.put("requests", requests).putObject("counts");
        for (Verdict verdict : Verdict.values()) {
            summary.put(verdict.word(), counts.of(verdict));
        }
        ArrayNode list = document.putArray("results");
        results.forEach(result -> entry(list.addObject(), result));
        return document.toPrettyString();
    }

    private static void entry(ObjectNode entry, Result result) {
        entry.put("id", result.of().id())
                .put("verdict", result.verdict().word())
                .put("sentence", result.of().sentence())
                .put("reason", result.reason())
                .put("millis", result.time().toMillis());
        ArrayNode exchange = entry.putArray("exchange");
        result.transcript().forEach(exchange::add);
    }
}
