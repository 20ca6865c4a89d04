package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Unmet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads answers that are compressed. */
final class Gzip {

    private Gzip() {}

    static Answer decoded(Answer answer) {
        String coding = answer.headerOrEmpty("Content-Encoding");
        if (coding.isEmpty()) {
            throw NotRun.skip("the server does not compress");
        }
        Expect.equal("Content-Encoding", "gzip", coding);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.bytes()))) {
            return new Answer(answer.head(), List.of(in.readAllBytes()), answer.isComplete());
        } catch (IOException notGzip) {
            throw new Unmet("a body in gzip", "another one");
        }
    }
}
