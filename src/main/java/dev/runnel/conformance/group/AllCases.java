package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Case;
import java.util.List;
import java.util.stream.Stream;

/** All cases of the suite, in the order in which they run. */
public final class AllCases {

    private AllCases() {}

    public static List<Case> list() {
        return Stream.of(
                        FieldCases.cases(),
                        PromptCases.cases(),
                        BodyCases.cases(),
                        ContentTypeCases.cases(),
                        MessageCases.cases(),
                        ErrorCases.cases(),
                        AuthCases.cases(),
                        RouteCases.cases(),
                        StreamCases.cases(),
                        EndCases.cases(),
                        CancelCases.cases(),
                        ByIdCases.cases(),
                        WireCases.cases(),
                        ListCases.cases(),
                        ChatCases.cases(),
                        ChatStreamCases.cases(),
                        CorsCases.cases(),
                        LimitCases.cases(),
                        SlowCases.cases(),
                        Http2Cases.cases(),
                        ResumeKeyCases.cases(),
                        ResumeCursorCases.cases(),
                        ResumeReaderCases.cases(),
                        ResumeStateCases.cases())
                .flatMap(List::stream)
                .toList();
    }
}
