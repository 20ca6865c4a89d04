package dev.runnel.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An idempotency key in the cluster's map. Newer versions add fields at the end.
 *
 * @param node the node whose request has it
 * @param claim the number of the claim on that node
 * @param fingerprint names what is requested
 * @param generationId the generation that it stands for; empty while the request is not answered
 */
record KeyEntry(String node, long claim, String fingerprint, String generationId) {

    boolean is(String otherNode, long otherClaim) {
        return node.equals(otherNode) && claim == otherClaim;
    }

    boolean isPending() {
        return generationId.isEmpty();
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(node);
            out.writeLong(claim);
            out.writeUTF(fingerprint);
            out.writeUTF(generationId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static KeyEntry of(byte[] bytes) {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            return new KeyEntry(in.readUTF(), in.readLong(), in.readUTF(), in.readUTF());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
