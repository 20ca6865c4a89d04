package dev.runnel.message.codec;

import dev.runnel.message.Accepted;
import dev.runnel.message.Adopt;
import dev.runnel.message.Attach;
import dev.runnel.message.Attached;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.Delta;
import dev.runnel.message.Detach;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.Heard;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.Look;
import dev.runnel.message.Part;
import dev.runnel.message.Revoked;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import java.util.List;

/** The codec of every record on the bus. */
public final class MessageCodecs {

    private static final RecordCodec<KeptEntry> KEPT_ENTRY =
            RecordCodec.ofFields(KeptEntry.class, ClusterForms::write, ClusterForms::keptEntry);

    private MessageCodecs() {}

    /**
     * Makes the bus accept every record of the room {@code message}. May be called any number of times, on any thread:
     * the lock lets a second call return only when all codecs are registered.
     *
     * @param bus the bus of the process
     */
    public static synchronized void register(EventBus bus) {
        for (RecordCodec<? extends Record> codec : all()) {
            if (!register(bus, codec)) {
                return;
            }
        }
    }

    /**
     * An entry of the cluster's map as bytes, in the form that a message has.
     *
     * @param entry to be written
     * @return its bytes
     */
    public static byte[] bytes(KeptEntry entry) {
        Buffer wire = Buffer.buffer();
        KEPT_ENTRY.encodeToWire(wire, entry);
        return wire.getBytes();
    }

    /**
     * Reads what {@link #bytes} wrote, also on a node of another version.
     *
     * @param bytes an entry
     * @return the entry
     * @throws MalformedMessageException if it is not an entry
     */
    public static KeptEntry keptEntry(byte[] bytes) {
        return KEPT_ENTRY.decodeFromWire(0, Buffer.buffer(bytes));
    }

    /**
     * Returns whether it was not registered before. The bus offers no check beforehand, and its exception costs a stack
     * trace. Codecs have no state, so the registered one is as good.
     */
    private static <R extends Record> boolean register(EventBus bus, RecordCodec<R> codec) {
        try {
            bus.registerDefaultCodec(codec.type(), codec);
            return true;
        } catch (IllegalStateException alreadyRegistered) {
            return false;
        }
    }

    static List<RecordCodec<? extends Record>> all() {
        return List.of(
                new RecordCodec<>(Delta.class, DeltaForm::write, DeltaForm::read),
                RecordCodec.ofFields(Part.class, RecordForms::write, RecordForms::part),
                RecordCodec.ofFields(Submit.class, SubmitForm::write, SubmitForm::submit),
                RecordCodec.ofFields(Accepted.class, RecordForms::write, RecordForms::accepted),
                RecordCodec.ofFields(Cancel.class, RecordForms::write, RecordForms::cancel),
                RecordCodec.ofFields(Cancelled.class, RecordForms::write, RecordForms::cancelled),
                RecordCodec.ofFields(Look.class, RecordForms::write, RecordForms::look),
                RecordCodec.ofFields(Status.class, RecordForms::write, RecordForms::status),
                RecordCodec.ofFields(Attach.class, RecordForms::write, RecordForms::attach),
                RecordCodec.ofFields(Attached.class, RecordForms::write, RecordForms::attached),
                RecordCodec.ofFields(Detach.class, RecordForms::write, RecordForms::detach),
                RecordCodec.ofFields(Finished.class, RecordForms::write, RecordForms::finished),
                RecordCodec.ofFields(Failed.class, RecordForms::write, RecordForms::failed),
                RecordCodec.ofFields(Ended.class, RecordForms::write, RecordForms::ended),
                RecordCodec.ofFields(Heartbeat.class, ClusterForms::write, ClusterForms::heartbeat),
                RecordCodec.ofFields(Heard.class, ClusterForms::write, ClusterForms::heard),
                RecordCodec.ofFields(Adopt.class, ClusterForms::write, ClusterForms::adopt),
                RecordCodec.ofFields(Revoked.class, ClusterForms::write, ClusterForms::revoked),
                KEPT_ENTRY);
    }
}
