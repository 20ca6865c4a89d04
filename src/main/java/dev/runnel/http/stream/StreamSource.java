package dev.runnel.http.stream;

import dev.runnel.client.ClientGeneration;
import dev.runnel.message.Cancel;
import dev.runnel.resume.Attachment;

/** Where a stream gets its text from. */
sealed interface StreamSource {

    /** The generation. */
    String id();

    /** The client does not read on. */
    void leave();

    /** The stream ends with this reason. */
    void fail(RuntimeException reason);

    /** A generation that only this stream reads. */
    record Own(ClientGeneration generation) implements StreamSource {

        @Override
        public String id() {
            return generation.id();
        }

        @Override
        public void leave() {
            generation.cancel(Cancel.Cause.CONSUMER_GONE);
        }

        @Override
        public void fail(RuntimeException reason) {
            generation.cancel(reason);
        }
    }

    /** A resumable generation, which goes on without this stream. */
    record Shared(Attachment reader) implements StreamSource {

        @Override
        public String id() {
            return reader.generation().id();
        }

        @Override
        public void leave() {
            reader.leave();
        }

        @Override
        public void fail(RuntimeException reason) {
            reader.abort(reason);
        }
    }
}
