package dev.runnel.simulation;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The end of one connection of a client that may have several. What arrives on an earlier one is ignored.
 *
 * @param isCurrent whether the client uses it
 * @param onBytes receives what arrives
 * @param onGone receives how the connection ended, if the server ended it
 */
record Link(String name, BooleanSupplier isCurrent, Consumer<byte[]> onBytes, Consumer<String> onGone)
        implements Wire.Client {

    @Override
    public void received(byte[] bytes) {
        if (isCurrent.getAsBoolean()) {
            onBytes.accept(bytes);
        }
    }

    @Override
    public void ended() {
        gone("is closed by the server");
    }

    @Override
    public void cut() {
        gone("is reset by the server");
    }

    private void gone(String how) {
        if (isCurrent.getAsBoolean()) {
            onGone.accept(how);
        }
    }
}
