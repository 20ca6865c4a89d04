package dev.runnel.http;

import dev.runnel.client.CopyAccount;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;

/** What clients keep of a text to go on at another node, in the account of the process. */
record CopyMemory(Holding holding) implements CopyAccount.Held {

    static CopyAccount of(HeldBytes account) {
        return keyId -> new CopyMemory(new Holding(account, HeldBytes.Kind.TEXTS, keyId, new Object()));
    }

    @Override
    public boolean resize(long bytes) {
        return holding.resize(bytes).isEmpty();
    }

    @Override
    public void close() {
        holding.close();
    }
}
