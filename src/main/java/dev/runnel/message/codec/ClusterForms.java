package dev.runnel.message.codec;

import dev.runnel.message.Adopt;
import dev.runnel.message.Heard;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.Revoked;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import java.util.List;

/** The numbers of the fields of the records that only exist between nodes, as {@link RecordForms}. */
final class ClusterForms {

    static final ConstantNumbers<Heard.Verdict> VERDICTS = ConstantNumbers.of(List.of(
            Heard.Verdict.UNKNOWN, Heard.Verdict.ACCEPTED, Heard.Verdict.OTHER_SECRET, Heard.Verdict.OTHER_FORM));

    private ClusterForms() {}

    static void write(FieldWriter out, Heartbeat heartbeat) {
        out.string(1, heartbeat.node())
                .number(2, heartbeat.form())
                .number(3, heartbeat.oldestForm())
                .string(4, heartbeat.secret())
                .number(5, heartbeat.clockMillis())
                .strings(6, heartbeat.generators())
                .records(7, heartbeat.models(), ClusterForms::write)
                .records(8, heartbeat.sent(), ClusterForms::write);
    }

    static Heartbeat heartbeat(Fields in) {
        return new Heartbeat(
                in.string(1),
                in.shortNumber(2),
                in.shortNumber(3),
                in.string(4),
                in.number(5),
                in.strings(6),
                in.records(7, ClusterForms::places),
                in.records(8, ClusterForms::sentTexts));
    }

    private static void write(FieldWriter out, ModelPlaces places) {
        out.string(1, places.model()).flag(2, places.isDefault()).number(3, places.free());
    }

    private static ModelPlaces places(Fields in) {
        return new ModelPlaces(in.string(1), in.flag(2), in.shortNumber(3));
    }

    private static void write(FieldWriter out, SentTexts sent) {
        out.string(1, sent.inbox()).records(2, sent.texts(), ClusterForms::write);
    }

    private static SentTexts sentTexts(Fields in) {
        return new SentTexts(in.string(1), in.records(2, ClusterForms::sentText));
    }

    private static void write(FieldWriter out, SentText sent) {
        out.string(1, sent.generationId()).number(2, sent.run()).number(3, sent.next());
    }

    private static SentText sentText(Fields in) {
        return new SentText(in.string(1), in.number(2), in.number(3));
    }

    static void write(FieldWriter out, Heard heard) {
        out.string(1, heard.node()).constant(2, VERDICTS, heard.verdict());
    }

    static Heard heard(Fields in) {
        return new Heard(in.string(1), in.constant(2, VERDICTS));
    }

    static void write(FieldWriter out, Revoked revoked) {
        out.string(1, revoked.keyId());
    }

    static Revoked revoked(Fields in) {
        return new Revoked(in.string(1));
    }

    static void write(FieldWriter out, KeptEntry entry) {
        out.string(1, entry.generationId())
                .string(2, entry.owner())
                .string(3, entry.model())
                .flag(4, entry.includeText())
                .string(5, entry.guardian())
                .string(6, entry.node())
                .number(7, entry.createdSeconds())
                .string(8, entry.generator())
                .string(9, entry.generatorNode());
    }

    static KeptEntry keptEntry(Fields in) {
        return new KeptEntry(
                in.string(1),
                in.string(2),
                in.string(3),
                in.flag(4),
                in.string(5),
                in.string(6),
                in.number(7),
                in.string(8),
                in.string(9));
    }

    static void write(FieldWriter out, Adopt adopt) {
        out.string(1, adopt.generationId())
                .string(2, adopt.owner())
                .string(3, adopt.inbox())
                .string(4, adopt.node())
                .string(5, adopt.givenUpBy());
    }

    static Adopt adopt(Fields in) {
        return new Adopt(in.string(1), in.string(2), in.string(3), in.string(4), in.string(5));
    }
}
